/**
 * Signing in with the password alone: OPAQUE proves it and opens the root, the root opens identity and vault, the vault
 * opens the account keys. A device that was here before comes back as itself; otherwise it certifies itself with the
 * account's identity key, and no other device needs to be online.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { AccountKind } from "@teahouse/protocol/certificate.ts"
import { generationOf } from "@teahouse/protocol/certificate.ts"
import { bindBytes } from "@teahouse/protocol/greeting.ts"
import type { Vault } from "@teahouse/protocol/http/account.ts"
import type { ResponseOf } from "@teahouse/protocol/http/route.ts"
import type { Routes } from "@teahouse/protocol/http.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import type { AccountKeys, Amk, Crypto, Device } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import { beginKeyLog, entriesFor } from "../key-log/write.ts"
import type { Problem } from "../problem.ts"
import type { HouseAnswer } from "./house.ts"
import type { AccountRecord } from "./records.ts"

const no = (kind: Problem["kind"]) => err<Problem>({ kind })
/** Another device may have written into the key log meanwhile. */
const ATTEMPTS = 3

/** In memory while signing in; `keys` must not outlive it. */
export type Proved = {
  readonly account: Omit<AccountRecord, "device">
  readonly keys: AccountKeys
  readonly vault: Vault
  readonly session: NonNullable<AccountRecord["session"]>
  readonly kind: AccountKind
}

export async function prove(
  call: Call,
  crypto: Crypto,
  house: HouseAnswer,
  given: { readonly username: string; readonly password: string },
): Promise<Result<Proved, Problem>> {
  const { account, password } = crypto
  const username = normalizeUsername(given.username)
  const prepared = password.prepare(given.password)
  if (username === undefined || !prepared.ok) return no("wrong_credentials")
  const parameters = await call("loginParameters", { request: { username } })
  if (!parameters.ok) return parameters
  const { user, stretching } = parameters.value
  const start = await password.startLogin(prepared.value)
  const begun = await call("loginStart", { request: { username, request: start.request } })
  if (!begun.ok) return begun
  const { login, response } = begun.value
  const finished = await password.finishLogin({
    prepared: prepared.value,
    state: start.state,
    response,
    user,
    stretching,
  })
  if (!finished.ok) return no(finished.error === "weak_stretching" ? "weak_stretching" : "wrong_credentials")
  if (finished.value.serverKey !== house.opaqueKey) return no("house_changed")
  const entered = await call("loginFinish", { request: { login, finish: finished.value.finish } })
  if (!entered.ok) return entered
  // The name goes into this device's certificate: it is the one that the person typed.
  if (entered.value.user !== user || entered.value.username !== username) return no("house_changed")
  const { rootByPassword } = entered.value.vault
  return openVault(
    account,
    entered.value,
    await account.unwrapRoot(rootByPassword, finished.value.exportKey, user),
    house.incarnation.incarnation,
  )
}

/** What the root opens. A failure means that the house gave out something it did not get from this account. */
export async function openVault(
  account: Crypto["account"],
  entered: ResponseOf<Routes["loginFinish"]>,
  root: Result<Uint8Array, "unreadable">,
  /** Of the house that says so. */
  life: number,
): Promise<Result<Proved, Problem>> {
  const { user, username, kind, session, vault, accountKeys, generation } = entered
  const keys = root.ok ? await account.openKeys(root.value, user, vault.keys) : root
  if (!keys.ok || !sameBytes(keys.value.uik.publicKey, vault.uik)) return no("identity_changed")
  const vaultSigned = await account.verifyVaultKey(vault.uik, user, vault.vaultKey, vault.vaultKeySignature)
  if (!vaultSigned || !sameBytes(keys.value.vault.publicKey, vault.vaultKey)) return no("identity_changed")
  const amks: Amk[] = []
  for (const { generation: n, sealed } of accountKeys) {
    const amk = await account.openAmk(keys.value, user, n, sealed)
    if (amk.ok) amks.push(amk.value)
  }
  if (amks.length === 0) return no("identity_changed")
  amks.sort((a, b) => a.generation - b.generation)
  // Each generation has a key, and those are signed: a house that says more would make every certificate of the account's
  // other devices look outdated, for ever, and one that keeps a key back makes what it opens unreadable.
  if (amks.some((amk, at) => amk.generation !== at + 1) || generation !== amks.length)
    return no("house_changed")
  const seen = { v: 1, life, version: vault.version }
  const record = { user, username, uik: vault.uik, generation, amks, vault: seen, session }
  return ok({ account: record, keys: keys.value, vault, session, kind })
}

/** Makes this session speak for `known`, or for a new device, which stands in the account's key log from then on. */
export async function bind(
  call: Call,
  crypto: Crypto,
  house: HouseAnswer,
  proved: Proved,
  known: Device | undefined,
): Promise<Result<AccountRecord, Problem>> {
  const { account, keys, session, kind } = proved
  const { user, username, generation } = account
  const device = known?.device ?? newId((length) => crypto.sealed.randomBytes(length))
  const signature = known?.signature ?? (await crypto.device.newSignatureKey())
  const request = { house: house.house, user, device, generation, username, kind }
  const signatureKey = signature.publicKey
  const current = known && generationOf(known.certificate) === generation
  const certificate = current
    ? known.certificate
    : await crypto.account.issueCertificate(keys.uik, { ...request, signatureKey })
  const proof = await crypto.device.sign(signature.privateKey, bindBytes(house.house, session.id, device))
  const asked = { device, certificate, signatureKey, signature: proof }
  for (let attempt = 1; ; attempt++) {
    const entries = await entriesFor(call, crypto, house, proved, { device, signatureKey })
    if (!entries.ok) return entries
    const keyLog = entries.value.length > 0 ? { keyLog: [...entries.value] } : {}
    const bound = await call("bindDevice", { request: { ...asked, ...keyLog } })
    if (bound.ok) break
    if (bound.error.kind !== "version_conflict" || attempt === ATTEMPTS) return bound
  }
  await beginKeyLog(call, call, crypto, house, proved)
  return ok({ ...account, device: { house: house.house, user, device, certificate, signature } })
}
