/**
 * An account's key log (SECURITY R5): what its identity key has said of the account, in order, for ever. Whoever holds a head of it
 * knows every identity, every device and every generation that there has been, and two who hold different ones for the same
 * position know that somebody was shown a lie (docs/decisions/34-key-log.md).
 *
 *   0  version = 1          u8
 *   1  kind                 u8     1 identity, 2 device added, 3 device revoked, 4 account key
 *   2  house id             16
 *  18  user id              16
 *  34  position             u32    1, 2, 3 … without gaps
 *  38  hash before          32     of the entry before; zeros before the first
 *  70  what is said                1: UIK 32 · 2: device id 16, signature key 32 · 3: device id 16 · 4: generation u32
 *   …  signature            64     Ed25519 by the UIK over label ‖ all bytes before
 *
 *   hash = SHA-256(label ‖ the whole entry)
 *   head = {incarnation, position, hash}, signed by the house over label ‖ house ‖ user ‖ incarnation u32 ‖ position u32 ‖ hash
 *
 * The first entry is the identity, and there is no other: another identity is another account, as far as its friends can tell. A
 * device is added once and revoked at most once; account keys come one after another from 1 on. All integers are big-endian.
 *
 * Not in it: times, which nobody could check, and names. Rejected: the house's signature inside of each entry. It says nothing
 * more than one over the newest, and a restored house could not go on without signing its past anew.
 */
import { concat, readU32, sameBytes, u32 } from "./bytes.ts"
import { type Sha256, sha256 } from "./hash.ts"
import { type Id, idBytes, idFrom } from "./ids.ts"
import type { KeyLogHead } from "./key-log-head.ts"
import { labels } from "./labels.ts"
import { err, ok, type Result } from "./result.ts"
import { verifyEd25519 } from "./signature.ts"

const HEADER = 70
const SIGNATURE = 64
const bodyBytes = { identity: 32, device_added: 48, device_revoked: 16, account_key: 4 } as const
const kinds = ["identity", "device_added", "device_revoked", "account_key"] as const

/** Entries of one account: fifteen years of a new device on each day and its going. */
export const KEY_LOG_MAX = 16_384
export type KeyLogChange =
  /** The account's identity key, Ed25519, 32 bytes. */
  | { readonly kind: "identity"; readonly uik: Uint8Array }
  | { readonly kind: "device_added"; readonly device: Id; readonly signatureKey: Uint8Array }
  | { readonly kind: "device_revoked"; readonly device: Id }
  | { readonly kind: "account_key"; readonly generation: number }

export type KeyLogDevice = { readonly signatureKey: Uint8Array; readonly revoked: boolean }

/** What a log says up to a position. */
export type KeyLog = {
  readonly house: Id
  readonly user: Id
  /** After each entry; `hashes.length` is the position. */
  readonly hashes: readonly Uint8Array[]
  /** Absent at position 0. */
  readonly uik?: Uint8Array
  /** The newest account key; 0: none yet. */
  readonly generation: number
  /** Every device that there ever was. */
  readonly devices: ReadonlyMap<Id, KeyLogDevice>
}

export type KeyLogReason =
  | "malformed"
  | "another_account"
  /** It does not follow what was there before: left out, put in, moved, or another past. */
  | "not_next"
  | "bad_identity"
  | "bad_device"
  | "bad_generation"
  | "bad_signature"
  | "too_long"
  /** The entries do not end where the house has signed that they do. */
  | "bad_head"

export const KEY_LOG_START: Uint8Array = new Uint8Array(32)

export const emptyKeyLog = (house: Id, user: Id): KeyLog => ({
  house,
  user,
  hashes: [],
  generation: 0,
  devices: new Map(),
})
export const keyLogHash = (log: Pick<KeyLog, "hashes">): Uint8Array => log.hashes.at(-1) ?? KEY_LOG_START
export const liveDevices = ({ devices }: Pick<KeyLog, "devices">): Id[] =>
  [...devices].flatMap(([id, { revoked }]) => (revoked ? [] : [id]))

// ------------------------------------------------------------------------------------------------------- one entry

function bodyOf(change: KeyLogChange): Uint8Array {
  switch (change.kind) {
    case "identity":
      return change.uik
    case "device_added":
      return concat(idBytes(change.device), change.signatureKey)
    case "device_revoked":
      return idBytes(change.device)
    case "account_key":
      return u32(change.generation)
  }
}

/** The next entry without its signature. Throws on keys that are not 32 bytes: the caller holds checked values. */
export function keyLogContent(log: KeyLog, change: KeyLogChange): Uint8Array {
  const body = bodyOf(change)
  if (body.length !== bodyBytes[change.kind]) throw new RangeError("key log entry out of bounds")
  return concat(
    Uint8Array.of(1, kinds.indexOf(change.kind) + 1),
    idBytes(log.house),
    idBytes(log.user),
    u32(log.hashes.length + 1),
    keyLogHash(log),
    body,
  )
}

/** What the UIK signs; of an entry, all but its last 64 bytes. */
export const keyLogToSign = (content: Uint8Array): Uint8Array => concat(labels.keyLog, content)

type Entry = {
  readonly house: Id
  readonly user: Id
  readonly position: number
  readonly before: Uint8Array
  readonly change: KeyLogChange
}

/** Strict: one encoding for each entry, every byte consumed. Does not check the signature. */
export function decodeKeyLogEntry(bytes: Uint8Array): Entry | undefined {
  const [version, number = 0] = bytes
  const kind = kinds[number - 1]
  if (version !== 1 || kind === undefined || bytes.length !== HEADER + bodyBytes[kind] + SIGNATURE)
    return undefined
  const id = (at: number) => idFrom(bytes.subarray(at, at + 16))
  const change = (): KeyLogChange => {
    switch (kind) {
      case "identity":
        return { kind, uik: bytes.slice(HEADER, HEADER + 32) }
      case "device_added":
        return { kind, device: id(HEADER), signatureKey: bytes.slice(HEADER + 16, HEADER + 48) }
      case "device_revoked":
        return { kind, device: id(HEADER) }
      case "account_key":
        return { kind, generation: readU32(bytes, HEADER) }
    }
  }
  return {
    house: id(2),
    user: id(18),
    position: readU32(bytes, 34),
    before: bytes.slice(38, HEADER),
    change: change(),
  }
}

// --------------------------------------------------------------------------------------------------------- the log

type Draft = { uik?: Uint8Array; generation: number; devices: Map<Id, KeyLogDevice>; position: number }

function apply(draft: Draft, change: KeyLogChange): KeyLogReason | undefined {
  if ((draft.position === 0) !== (change.kind === "identity")) return "bad_identity"
  switch (change.kind) {
    case "identity":
      draft.uik = change.uik
      return undefined
    case "device_added":
      if (draft.devices.has(change.device)) return "bad_device"
      draft.devices.set(change.device, { signatureKey: change.signatureKey, revoked: false })
      return undefined
    case "device_revoked": {
      const known = draft.devices.get(change.device)
      if (!known || known.revoked) return "bad_device"
      draft.devices.set(change.device, { ...known, revoked: true })
      return undefined
    }
    case "account_key":
      if (change.generation !== draft.generation + 1) return "bad_generation"
      draft.generation = change.generation
      return undefined
  }
}

/**
 * With these entries after what is there, or why not; then nothing is. Signatures are for the caller: `keyLogSigned`. `hash` may be a
 * faster SHA-256.
 */
export function extendKeyLog(
  log: KeyLog,
  entries: readonly Uint8Array[],
  hash: Sha256 = sha256,
): Result<KeyLog, KeyLogReason> {
  if (log.hashes.length + entries.length > KEY_LOG_MAX) return err("too_long")
  const hashes = [...log.hashes]
  const draft: Draft = {
    ...(log.uik ? { uik: log.uik } : {}),
    generation: log.generation,
    devices: new Map(log.devices),
    position: hashes.length,
  }
  for (const bytes of entries) {
    const entry = decodeKeyLogEntry(bytes)
    if (!entry) return err("malformed")
    if (entry.house !== log.house || entry.user !== log.user) return err("another_account")
    const follows = entry.position === hashes.length + 1 && sameBytes(entry.before, keyLogHash({ hashes }))
    if (!follows) return err("not_next")
    const wrong = apply(draft, entry.change)
    if (wrong) return err(wrong)
    hashes.push(hash(concat(labels.keyLogHash, bytes)))
    draft.position = hashes.length
  }
  const { position: _, ...said } = draft
  return ok({ house: log.house, user: log.user, hashes, ...said })
}

/** True if the identity key has signed each of them. */
export async function keyLogSigned(uik: Uint8Array, entries: readonly Uint8Array[]): Promise<boolean> {
  for (const entry of entries) {
    const content = entry.subarray(0, -SIGNATURE)
    if (!(await verifyEd25519(uik, entry.slice(-SIGNATURE), keyLogToSign(content)))) return false
  }
  return true
}

// -------------------------------------------------------------------------------------------------------- its head

export const keyLogHeadToSign = (house: Id, user: Id, head: Omit<KeyLogHead, "signature">): Uint8Array =>
  concat(
    labels.keyLogHead,
    idBytes(house),
    idBytes(user),
    u32(head.incarnation),
    u32(head.position),
    head.hash,
  )

/** True if the house with this key has signed that the account's log stands there. */
export const verifyKeyLogHead = (
  houseKey: Uint8Array,
  house: Id,
  user: Id,
  head: KeyLogHead,
): Promise<boolean> => verifyEd25519(houseKey, head.signature, keyLogHeadToSign(house, user, head))

/** Where a head stands beside a log: `ahead` of its end, `on` its chain, or on another one. */
export function besideKeyLog(
  log: Pick<KeyLog, "hashes">,
  head: Pick<KeyLogHead, "position" | "hash">,
): "on" | "ahead" | "forked" {
  if (head.position > log.hashes.length) return "ahead"
  const here = head.position === 0 ? KEY_LOG_START : log.hashes[head.position - 1]
  return here && sameBytes(here, head.hash) ? "on" : "forked"
}

/** What a log says, from an earlier look (or `emptyKeyLog`) to a head whose signature holds; or why it is not believed. */
export async function readUpTo(
  head: Pick<KeyLogHead, "position" | "hash">,
  from: KeyLog,
  entries: readonly Uint8Array[],
): Promise<Result<KeyLog, KeyLogReason>> {
  const read = extendKeyLog(from, entries)
  if (!read.ok) return read
  const { uik, hashes } = read.value
  if (uik && !(await keyLogSigned(uik, entries))) return err("bad_signature")
  return head.position === hashes.length && besideKeyLog(read.value, head) === "on" ? read : err("bad_head")
}

/** The same with the head's signature. */
export async function verifyKeyLog(
  houseKey: Uint8Array,
  from: KeyLog,
  entries: readonly Uint8Array[],
  head: KeyLogHead,
): Promise<Result<KeyLog, KeyLogReason>> {
  const signed = await verifyKeyLogHead(houseKey, from.house, from.user, head)
  const read = await readUpTo(head, from, entries)
  return read.ok && !signed ? err("bad_head") : read
}
