/**
 * Account keys (SECURITY R2).
 *
 *   root (32 random bytes) ── wrapped under the OPAQUE export key, and again under the recovery code
 *     └ UIK private ‖ vault private, sealed under the root
 *         └ AMK generations, each signed by the UIK and HPKE-sealed to the vault key ── history, notebook and settings subkeys
 *
 * A device keeps AMK generations and its own signature key; root, UIK and vault are in memory for one operation. Every
 * wrap is bound to the user id and to its purpose, so that no wrapped thing can be handed back as another. The vault's
 * public key is known to the house, so sealing to it proves nothing: what is sealed carries the UIK's signature.
 */
import { concat, u32 } from "@teahouse/protocol/bytes.ts"
import { certificateToSign, encodeCertificateContent } from "@teahouse/protocol/certificate.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { label, labels } from "@teahouse/protocol/labels.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { hpkeOpen, hpkeSeal } from "./hpke.ts"
import { derive, ed25519From, newEd25519, newKey, newX25519, sign, verify, x25519From } from "./keys.ts"
import type { AccountCrypto, AccountKeys, Amk, AmkKeys } from "./port.ts"
import { newRecoveryCode, recoveryFrom } from "./recovery.ts"
import { safetyNumber } from "./safety-number.ts"
import { open, seal } from "./sealed.ts"

const bound = (name: string, user: Id) => concat(label(name), idBytes(user))

export const vaultKeyToSign = (user: Id, vaultPublic: Uint8Array): Uint8Array =>
  concat(labels.vaultKey, idBytes(user), vaultPublic)

const wrap = (name: string) => ({
  seal: (root: Uint8Array, secret: Uint8Array, user: Id) =>
    seal(derive(secret, name, idBytes(user)), bound(name, user), root),
  open: async (
    wrapped: Uint8Array,
    secret: Uint8Array,
    user: Id,
  ): Promise<Result<Uint8Array, "unreadable">> => {
    const root = await open(derive(secret, name, idBytes(user)), bound(name, user), wrapped)
    return root.ok && root.value.length !== 32 ? err("unreadable") : root
  },
})
const byPassword = wrap("root by password")
const byRecovery = wrap("root by recovery")

const KEYS = "account keys"
const sealKeys: AccountCrypto["sealKeys"] = (keys, user) =>
  seal(
    derive(keys.root, KEYS, idBytes(user)),
    bound(KEYS, user),
    concat(keys.uik.privateKey, keys.vault.privateKey),
  )

async function openKeys(
  root: Uint8Array,
  user: Id,
  sealed: Uint8Array,
): Promise<Result<AccountKeys, "unreadable">> {
  const both = await open(derive(root, KEYS, idBytes(user)), bound(KEYS, user), sealed)
  if (!both.ok || both.value.length !== 64) return err("unreadable")
  return ok({ root, uik: ed25519From(both.value.slice(0, 32)), vault: x25519From(both.value.slice(32)) })
}

const AMK = "account master key"
const amkAad = (user: Id, generation: number) => concat(idBytes(user), u32(generation))

const amkToSign = (user: Id, { generation, key }: Amk) =>
  concat(label("account master key signature"), idBytes(user), u32(generation), key)

async function newAmk({ uik }: AccountKeys, user: Id, generation: number): Promise<Amk> {
  const amk = { generation, key: newKey() }
  return { ...amk, signature: await sign(uik.privateKey, amkToSign(user, amk)) }
}

const verifyAmk = async (uik: Uint8Array, user: Id, amk: Amk): Promise<boolean> =>
  amk.signature !== undefined && (await verify(uik, amkToSign(user, amk), amk.signature))

async function sealAmk({ uik, vault }: AccountKeys, user: Id, amk: Amk): Promise<Uint8Array> {
  const signature = await sign(uik.privateKey, amkToSign(user, amk))
  const sealed = await hpkeSeal(
    vault.publicKey,
    AMK,
    amkAad(user, amk.generation),
    concat(amk.key, signature),
  )
  if (!sealed) throw new Error("not a vault key")
  return sealed
}

async function openAmk(
  { uik, vault }: AccountKeys,
  user: Id,
  generation: number,
  sealed: Uint8Array,
): Promise<Result<Amk, "unreadable">> {
  const opened = await hpkeOpen(vault.privateKey, AMK, amkAad(user, generation), sealed)
  if (!opened.ok || opened.value.length !== 96) return err("unreadable")
  const amk: Amk = { generation, key: opened.value.slice(0, 32), signature: opened.value.slice(32) }
  return (await verifyAmk(uik.publicKey, user, amk)) ? ok(amk) : err("unreadable")
}

async function amkKeys({ generation, key }: Amk): Promise<AmkKeys> {
  const of = (name: string) => derive(key, `amk ${name}`, u32(generation))
  return {
    generation,
    history: of("history"),
    notebook: of("notebook"),
    notebookNames: of("notebook names"),
    settings: of("settings"),
  }
}

export const accountCrypto: AccountCrypto = {
  newAccount: async () => ({ root: newKey(), uik: newEd25519(), vault: newX25519() }),
  signVaultKey: (keys, user) => sign(keys.uik.privateKey, vaultKeyToSign(user, keys.vault.publicKey)),
  verifyVaultKey: (uik, user, vaultPublic, signature) =>
    verify(uik, vaultKeyToSign(user, vaultPublic), signature),
  issueCertificate: async (uik, request) => {
    const { signatureKey, ...content } = request
    const bytes = encodeCertificateContent({ ...content, uik: uik.publicKey })
    return concat(bytes, await sign(uik.privateKey, certificateToSign(bytes, signatureKey)))
  },
  sealKeys,
  openKeys,
  wrapRoot: byPassword.seal,
  unwrapRoot: byPassword.open,
  newRecoveryCode,
  recoveryFrom,
  wrapRootForRecovery: (root, recovery, user) => byRecovery.seal(root, recovery.wrapKey, user),
  unwrapRootByRecovery: (wrapped, recovery, user) => byRecovery.open(wrapped, recovery.wrapKey, user),
  newAmk,
  verifyAmk,
  sealAmk,
  openAmk,
  amkKeys,
  safetyNumber,
}
