/**
 * Everything that the client core asks of cryptography. The core receives a `Crypto` as an argument and knows no
 * library; the one implementation is `mlsCrypto` (mls-crypto.ts).
 *
 * Rules that hold for every function here
 * - Pure: (state, input) → (new state, output). No I/O, no storage, no clock (times are arguments); randomness comes from
 *   the platform. A state is immutable: not saving the new one is the same as refusing the input.
 * - What a server or another member can cause is a value (`Result`); only a bug throws.
 * - "bytes" that cross the wire are complete: MLSMessages with their header, nothing to wrap or unwrap.
 * - Private keys and secrets appear only in the types that say so; the core stores them sealed (`sealed`) and nowhere else.
 * - Everything is asynchronous where the browser's WebCrypto is: finish computing before opening a store transaction.
 */

import type { JudgeReason } from "@teahouse/judge/reasons.ts"
import type { Leaf, RoomState } from "@teahouse/judge/state.ts"
import type { AccountKind } from "@teahouse/protocol/certificate.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { RoomPolicy } from "@teahouse/protocol/policy.ts"
import type { Result } from "@teahouse/protocol/result.ts"

export type Crypto = {
  readonly account: AccountCrypto
  readonly password: PasswordCrypto
  readonly device: DeviceCrypto
  readonly sealed: SealedCrypto
  readonly file: FileCrypto
  readonly link: LinkCrypto
  readonly room: RoomsCrypto
}

/** Ed25519 or X25519; 32 raw bytes public, 32 raw bytes private (the seed), unless a comment says otherwise. */
export type KeyPair = { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }

// ------------------------------------------------------------------------------------------------ account (R1, R2)

/** In memory only while signing up, signing in, changing the password, recovering or revoking. Never stored. */
export type AccountKeys = {
  /** 32 random bytes; wraps the two private keys. */
  readonly root: Uint8Array
  /** Account identity key, Ed25519. */
  readonly uik: KeyPair
  /** X25519; AMK generations are sealed to its public half. */
  readonly vault: KeyPair
}

export type Recovery = {
  /** Wraps the root. 32 bytes. */
  readonly wrapKey: Uint8Array
  /** Ed25519; the server stores the public half and lets its holder in. */
  readonly signIn: KeyPair
}

/** One generation of the account's data key. Devices keep these. */
export type Amk = {
  readonly generation: number
  readonly key: Uint8Array
  /** By the UIK: no device begins a generation by itself, only who has the password or the code. */
  readonly signature?: Uint8Array
}

/** Subkeys of one AMK generation, each for one purpose. 32 bytes each. */
export type AmkKeys = {
  readonly generation: number
  readonly history: Uint8Array
  readonly notebook: Uint8Array
  readonly notebookNames: Uint8Array
  readonly settings: Uint8Array
}

export type CertificateRequest = {
  readonly house: Id
  readonly user: Id
  readonly device: Id
  /** Account generation n. */
  readonly generation: number
  readonly username: string
  readonly kind: AccountKind
  /** The device's Ed25519 public key. */
  readonly signatureKey: Uint8Array
}

export type AccountCrypto = {
  newAccount(): Promise<AccountKeys>
  /** The UIK's signature over (user, vault public key): other devices and the server can check whose vault key it is. */
  signVaultKey(keys: AccountKeys, user: Id): Promise<Uint8Array>
  verifyVaultKey(uik: Uint8Array, user: Id, vaultPublic: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** Device certificate bytes, signed by the UIK. */
  issueCertificate(uik: KeyPair, request: CertificateRequest): Promise<Uint8Array>

  /** UIK private ‖ vault private, sealed under the root. */
  sealKeys(keys: AccountKeys, user: Id): Promise<Uint8Array>
  openKeys(root: Uint8Array, user: Id, sealed: Uint8Array): Promise<Result<AccountKeys, "unreadable">>

  /** `exportKey` is OPAQUE's, as bytes. */
  wrapRoot(root: Uint8Array, exportKey: Uint8Array, user: Id): Promise<Uint8Array>
  unwrapRoot(wrapped: Uint8Array, exportKey: Uint8Array, user: Id): Promise<Result<Uint8Array, "unreadable">>

  /** 130 random bits and two check characters as seven groups of four: "K7QF-2M9T-…". Shown once. */
  newRecoveryCode(): string
  /** Forgiving about case, spaces, dashes and look-alikes (O/0, I/L/1). */
  recoveryFrom(code: string, user: Id): Promise<Result<Recovery, "malformed">>
  wrapRootForRecovery(root: Uint8Array, recovery: Recovery, user: Id): Promise<Uint8Array>
  unwrapRootByRecovery(
    wrapped: Uint8Array,
    recovery: Recovery,
    user: Id,
  ): Promise<Result<Uint8Array, "unreadable">>

  /** Signed by the UIK over (user, generation, key). */
  newAmk(keys: AccountKeys, user: Id, generation: number): Promise<Amk>
  /** Whether this account's UIK says so. */
  verifyAmk(uik: Uint8Array, user: Id, amk: Amk): Promise<boolean>
  /** HPKE-sealed to the vault key, with its signature: only the account can make or open it. */
  sealAmk(keys: AccountKeys, user: Id, amk: Amk): Promise<Uint8Array>
  openAmk(
    keys: AccountKeys,
    user: Id,
    generation: number,
    sealed: Uint8Array,
  ): Promise<Result<Amk, "unreadable">>
  amkKeys(amk: Amk): Promise<AmkKeys>

  /** 60 digits in twelve groups of five, the same for both people whoever computes it. */
  safetyNumber(a: { user: Id; uik: Uint8Array }, b: { user: Id; uik: Uint8Array }): string
}

// --------------------------------------------------------------------------------------------------- password (OPAQUE)

/** Argon2id; `memory` in KiB. */
export type Stretching = {
  readonly iterations: number
  readonly memory: number
  readonly parallelism: number
}

export type PasswordRefusal = "too_short" | "too_long" | "forbidden_character" | "too_easy"

export type PasswordCrypto = {
  /** What a new account uses (64 MiB, 3 rounds). */
  readonly stretching: Stretching
  /** OpaqueString (RFC 8265): the form to pass to everything below. Empty or forbidden → refused. Used at every sign-in. */
  prepare(text: string): Result<string, "empty" | "forbidden_character">
  /** The floor for a *new* password, on the prepared form. `context`: username, nickname and the like. */
  judge(prepared: string, context: readonly string[]): Result<void, PasswordRefusal>
  /** All OPAQUE strings are base64url, as the library makes them. */
  startRegistration(prepared: string): Promise<{ readonly state: string; readonly request: string }>
  /** Takes 0.2–0.5 s of CPU: call it in a worker. */
  finishRegistration(input: {
    readonly prepared: string
    readonly state: string
    readonly response: string
    readonly user: Id
    readonly stretching: Stretching
  }): Promise<
    Result<{ record: string; exportKey: Uint8Array; serverKey: string }, "bad_response" | "weak_stretching">
  >
  startLogin(prepared: string): Promise<{ readonly state: string; readonly request: string }>
  /**
   * `wrong_password` also stands for a wrong server. `serverKey` is pinned by the caller. Stretching below our minimum is
   * refused: a server that asks for less is trying to make guessing cheap.
   */
  finishLogin(input: {
    readonly prepared: string
    readonly state: string
    readonly response: string
    readonly user: Id
    readonly stretching: Stretching
  }): Promise<
    Result<
      { finish: string; exportKey: Uint8Array; sessionKey: Uint8Array; serverKey: string },
      "wrong_password" | "weak_stretching"
    >
  >
}

// ---------------------------------------------------------------------------------------------------------- device

/** A device as the core keeps it (sealed in its store). */
export type Device = {
  readonly house: Id
  readonly user: Id
  readonly device: Id
  /** Certificate bytes: the identity of its credential. */
  readonly certificate: Uint8Array
  /** Ed25519. */
  readonly signature: KeyPair
}

export type NewKeyPackage = {
  /** RFC 9420 KeyPackageRef, 32 bytes: how a Welcome names it. */
  readonly ref: Uint8Array
  /** MLSMessage mls_key_package: what the server stores. */
  readonly bytes: Uint8Array
  /** Init and leaf private keys with the public package. Store sealed; delete after the first join, unless last-resort. */
  readonly secret: Uint8Array
}

export type DeviceCrypto = {
  newSignatureKey(): Promise<KeyPair>
  /** Ed25519 over the exact bytes: greetings, notices, attestations. Their layouts with labels stand in protocol. */
  sign(privateKey: Uint8Array, bytes: Uint8Array): Promise<Uint8Array>
  verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** Lifetimes are in ms UTC. */
  newKeyPackage(device: Device, lifetime: { notBefore: number; notAfter: number }): Promise<NewKeyPackage>
  /** The core asks this of every fetched package before it adds it. `now` in ms UTC. */
  checkKeyPackage(
    bytes: Uint8Array,
    expect: { house: Id; user: Id; device?: Id; now: number },
  ): Promise<Result<{ ref: Uint8Array; leaf: Leaf }, JudgeReason>>

  /** HPKE (RFC 9180) to a key package's init key: a friend request's first line, readable before joining. */
  sealToKeyPackage(
    keyPackage: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Promise<Result<Uint8Array, "malformed">>
  openWithKeyPackage(
    secret: Uint8Array,
    aad: Uint8Array,
    sealed: Uint8Array,
  ): Promise<Result<Uint8Array, "unreadable">>

  /** X25519: what a member gives of a room's past is sealed to it, by HPKE. */
  newPastKey(): KeyPair
  sealPast(
    publicKey: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Promise<Result<Uint8Array, "malformed">>
  openPast(
    privateKey: Uint8Array,
    aad: Uint8Array,
    sealed: Uint8Array,
  ): Promise<Result<Uint8Array, "unreadable">>
}

export type LinkKeys = {
  readonly id: Id
  /** Ed25519; the public half stands in the room's policy. */
  readonly signature: KeyPair
  /** Seals the preview. 32 bytes. */
  readonly preview: Uint8Array
}
export type LinkCrypto = {
  /** `secret`: 16 random bytes, from the URL's fragment. */
  keys(room: Id, secret: Uint8Array): LinkKeys
}

// ---------------------------------------------------------------------------------------- sealing at rest and records

export type SealedCrypto = {
  /** 32 random bytes: store key, profile key, file key. */
  newKey(): Uint8Array
  randomBytes(length: number): Uint8Array
  /** AES-256-GCM with a random 96-bit nonce: version ‖ nonce ‖ ciphertext. A key may seal at most 2^32 records. */
  seal(key: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array>
  open(key: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Promise<Result<Uint8Array, "unreadable">>
  /** Like seal/open with a CryptoKey that never leaves the browser (imported once by the store, AES-GCM, 256 bits). */
  sealWith(key: CryptoKey, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array>
  openWith(key: CryptoKey, aad: Uint8Array, sealed: Uint8Array): Promise<Result<Uint8Array, "unreadable">>

  /** The server sees this instead of the name: HMAC-SHA-256, 32 bytes. */
  notebookId(keys: AmkKeys, name: string): Promise<Uint8Array>
  sealNotebook(keys: AmkKeys, at: NotebookPlace, plaintext: Uint8Array): Promise<Uint8Array>
  openNotebook(
    keys: AmkKeys,
    at: NotebookPlace,
    sealed: Uint8Array,
  ): Promise<Result<Uint8Array, "unreadable">>
  sealProfile(key: Uint8Array, user: Id, version: number, plaintext: Uint8Array): Promise<Uint8Array>
  openProfile(
    key: Uint8Array,
    user: Id,
    version: number,
    sealed: Uint8Array,
  ): Promise<Result<Uint8Array, "unreadable">>
  sealHistory(keys: AmkKeys, at: HistoryPlace, plaintext: Uint8Array): Promise<Uint8Array>
  openHistory(keys: AmkKeys, at: HistoryPlace, sealed: Uint8Array): Promise<Result<Uint8Array, "unreadable">>
}

/** `record`: its 32-byte id. */
export type NotebookPlace = { readonly user: Id; readonly record: Uint8Array; readonly version: number }
/** `number` is ⌊seq / 256⌋. */
export type HistoryPlace = {
  readonly user: Id
  readonly room: Id
  readonly incarnation: number
  readonly number: number
  readonly version: number
}

// ----------------------------------------------------------------------------------------------------------- files

export type FileKey = { readonly key: Uint8Array; readonly header: Uint8Array }

/** One file's chunks. `last` says whether it is the file's last one; who asks knows it from the size. */
export type FileCipher = {
  seal(number: number, last: boolean, plain: Uint8Array): Promise<Uint8Array>
  open(number: number, last: boolean, sealed: Uint8Array): Promise<Result<Uint8Array, "unreadable">>
}

export type FileCrypto = {
  newKey(): FileKey
  /** undefined: a header of another version, or no header at all. */
  cipher(key: FileKey): Promise<FileCipher | undefined>
}

// ------------------------------------------------------------------------------------------------------------ rooms

/**
 * One device's view of one room's MLS group at one epoch. Immutable and opaque but for these fields; `judged` holds roster
 * and policy. Stored through `encode` and `decode`, never field by field.
 */
export type Room = {
  readonly room: Id
  readonly generation: number
  readonly epoch: number
  /** Own leaf index. */
  readonly leaf: number
  /** `judged.leaves` is the roster, `judged.policy` the policy. */
  readonly judged: RoomState
  /** Private to crypto/. */
  readonly mls: unknown
}

/**
 * What changed in the secret tree by one message, about 100 bytes. The newest delta of a leaf replaces the older one:
 * keep one record per (room, leaf), delete them all when the base state is written again (after a commit).
 */
export type Delta = { readonly leaf: number; readonly bytes: Uint8Array }

export type SentUpTo = { readonly epoch: number; readonly generation: number }

export type Sender = { readonly user: Id; readonly device: Id; readonly leaf: number }

/** What a commit did, as the judge says it. `added` and `removed` are leaves; a re-joining device is in both. */
export type Change = {
  readonly epoch: number
  readonly by: Sender
  readonly external: boolean
  readonly added: readonly Leaf[]
  readonly removed: readonly Leaf[]
  readonly policyChanged: boolean
  /** CommitData bytes that came with it. */
  readonly data: Uint8Array
}

export type CommitBundle = {
  /** MLSMessage mls_public_message: the log entry. After a crash look for exactly these bytes in the log. */
  readonly commit: Uint8Array
  /** MLSMessage mls_group_info of the next epoch, with ratchet_tree and external_pub. */
  readonly groupInfo: Uint8Array
  /** One MLSMessage mls_welcome for all added devices, without the tree; absent when nobody was added. */
  readonly welcome: Uint8Array | undefined
  /** Which devices the welcome is for, with the key package each used. */
  readonly welcomes: readonly { readonly user: Id; readonly device: Id; readonly keyPackageRef: Uint8Array }[]
  /** Adopt when the server has accepted; drop otherwise. Store `encode(next)` together with `commit` before posting. */
  readonly next: Room
  readonly change: Change
}

export type MakeCommit = {
  /** MLSMessage mls_key_package bytes. Their lifetimes must hold now. At most 128. */
  readonly add?: readonly Uint8Array[]
  /** Devices to remove. Not one's own. */
  readonly remove?: readonly Id[]
  readonly policy?: RoomPolicy
  /** A newer certificate of this device (higher account generation) takes the place of the old one. */
  readonly certificate?: Uint8Array
  /** Encoded CommitData: authenticated, readable by the server. */
  readonly data: Uint8Array
  /** Into a generation's first commit: who was in the one before, whoever may add new people (judge/src/generation.ts). */
  readonly readmitted?: ReadonlySet<Id>
}

/**
 * `refused`: the judge says no (a server that passes such a commit on is broken or lying). `unprocessable`: valid for the
 * judge, but the cryptography fails for us: rejoin (R3).
 */
export type ProcessError =
  | { readonly kind: "refused"; readonly reason: JudgeReason }
  | { readonly kind: "unprocessable" }

export type Processed =
  | { readonly kind: "advanced"; readonly room: Room; readonly change: Change }
  /** We were removed; no next state exists. Keep history, freeze the room, drop the keys. */
  | { readonly kind: "removed"; readonly change: Change }

export type OpenError =
  /** Not of this epoch: by the contract only a lying server shows this. */
  | "wrong_epoch"
  /** A replay, or further ahead than we follow. */
  | "used_or_too_far"
  /** Garbage from a member: one notice in the chat, and on. */
  | "unreadable"

export type JoinError =
  /** Not for one of the key packages that were passed. */
  | { readonly kind: "not_for_us" }
  | { readonly kind: "refused"; readonly reason: JudgeReason }
  | { readonly kind: "unprocessable" }

export type RoomsCrypto = {
  /** A new generation with oneself alone in it. `opening` is the MLSMessage mls_group_info of epoch 0 that opens the log. */
  create(
    device: Device,
    room: Id,
    generation: number,
    policy: RoomPolicy,
  ): Promise<{ room: Room; opening: Uint8Array }>

  /**
   * Adds, removals, a new policy, any of these together, or none (fresh keys: after an add, weekly, after a revoked
   * device). Judged before it is returned, so that what we post is what others accept. Refusals say why.
   */
  commit(room: Room, what: MakeCommit): Promise<Result<CommitBundle, ProcessError>>
  /** The current GroupInfo again, signed by this device. */
  groupInfo(room: Room): Promise<Uint8Array>
  /**
   * Whether a GroupInfo that the server hands out is ours, external_pub included. Only members can tell (the server cannot
   * see a wrong external_pub): ask it of the stored one after adopting a commit, before attesting.
   */
  sameGroupInfo(room: Room, groupInfo: Uint8Array): Promise<boolean>

  /** The welcome's key package references: which stored secret to use, if any. */
  welcomeRefs(welcome: Uint8Array): Result<readonly Uint8Array[], "malformed">
  /**
   * `groupInfo` is the stored GroupInfo of the welcome's epoch (it brings the tree); `expect` is what the envelope said.
   * Everything is judged: a welcome that slips a third person into a private room is refused here.
   */
  join(input: {
    readonly device: Device
    readonly room: Id
    readonly generation: number
    readonly welcome: Uint8Array
    readonly groupInfo: Uint8Array
    /** `NewKeyPackage.secret` */
    readonly keyPackage: Uint8Array
  }): Promise<Result<Room, JoinError>>
  /**
   * Joins by external commit: a new device of a member, or the same device after losing its state or after a commit that
   * it could not process (then its own old leaf is removed in the same commit). A stranger is refused before trying.
   */
  joinExternally(input: {
    readonly device: Device
    readonly room: Id
    readonly generation: number
    readonly groupInfo: Uint8Array
    readonly data: Uint8Array
  }): Promise<Result<CommitBundle, JoinError>>
  /** Roster, policy and epoch of a GroupInfo without joining: look before an external commit, or before accepting. */
  look(
    groupInfo: Uint8Array,
    house: Id,
    room: Id,
    generation: number,
  ): Promise<Result<RoomState, JudgeReason>>

  /**
   * Somebody else's commit. Never one's own: compare bytes and adopt `next`. `poster` is the entry's device, as the server
   * says: another one than the committer is refused.
   */
  process(room: Room, commit: Uint8Array, poster?: Id): Promise<Result<Processed, ProcessError>>

  /**
   * Pads (Padmé) and seals. Store {delta, bytes} before sending; one in flight per room. `aad` is messageData(…): it is
   * readable by the server and compared with the envelope by readers.
   */
  sealMessage(
    room: Room,
    content: Uint8Array,
    aad: Uint8Array,
  ): Promise<{ room: Room; bytes: Uint8Array; delta: Delta }>
  /** How far this device has sealed: nothing that is behind it may seal again, or a key would be used twice. */
  sentUpTo(room: Room): SentUpTo
  /** The sender is the leaf whose key signed, never what the content claims. One's own messages cannot be opened. */
  openMessage(room: Room, bytes: Uint8Array): Promise<Result<Opened, OpenError>>

  /** 32 bytes per room and epoch for typing and presence; AES-GCM with the sending device in the AAD. Not the ratchet. */
  sealEphemeral(room: Room, plaintext: Uint8Array): Promise<Uint8Array>
  openEphemeral(room: Room, device: Id, sealed: Uint8Array): Promise<Result<Uint8Array, "unreadable">>
  /** Equal on all members of one epoch, and on nobody else: comparing it detects a server that forks the room. */
  epochAuthenticator(room: Room): Uint8Array
  /** What a client attests after adopting a commit (R3); `attestationBytes` of protocol signs it. */
  attestation(room: Room): Promise<Attested>
  /** The same, read out of a GroupInfo: what an attestation is compared with before joining by it. */
  shown(groupInfo: Uint8Array): Attested | undefined

  /** Full state: 6 KB at 10 devices, 200 KB at 500. After commits and joins; deltas in between. */
  encode(room: Room): Uint8Array
  /** Base and the newest delta of each leaf. `undefined`: damaged, rebuild by joining externally. */
  decode(
    device: Device,
    room: Id,
    generation: number,
    base: Uint8Array,
    deltas: readonly Delta[],
  ): Room | undefined
}

export type Attested = {
  /** SHA-256 of the encoded GroupContext. */
  readonly contextHash: Uint8Array
  readonly confirmationTag: Uint8Array
  readonly externalPub: Uint8Array
}

export type Opened = {
  readonly room: Room
  readonly delta: Delta
  readonly sender: Sender
  readonly content: Uint8Array
  readonly aad: Uint8Array
}
