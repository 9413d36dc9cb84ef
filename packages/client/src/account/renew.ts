/**
 * A new password for an account that was just opened, by the old one or by the recovery code (SECURITY R2). The root is the same
 * afterwards, wrapped anew; so are identity, vault and account keys, and every store that they open. Loaded when it is needed.
 */
import { recoveryBytes } from "@teahouse/protocol/greeting.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import type { VaultRecord } from "../content/notebook.ts"
import type { Crypto } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import { beginKeyLog } from "../key-log/write.ts"
import type { Problem } from "../problem.ts"
import type { HouseAnswer } from "./house.ts"
import { openVault, type Proved } from "./login.ts"

export { newPassword } from "./new-password.ts"

/** An answer that is lost leaves open which password holds: the same is sent again, which is harmless. */
const ATTEMPTS = 3
const no = (kind: Problem["kind"]) => err<Problem>({ kind })

/** What `prove` gives for the password. The session is good for `renew`, and for nothing else before that. */
export async function proveByCode(
  call: Call,
  { account, device }: Crypto,
  house: HouseAnswer,
  given: { readonly username: string; readonly code: string },
): Promise<Result<Proved, Problem>> {
  const username = normalizeUsername(given.username)
  // A slip of the pen is seen here, whoever's code it is.
  const written = await account.recoveryFrom(given.code, house.house)
  if (username === undefined || !written.ok) return no("wrong_recovery_code")
  const begun = await call("recoveryStart", { request: { username } })
  if (!begun.ok) return begun
  const { challenge, user, nonce } = begun.value
  const recovery = await account.recoveryFrom(given.code, user)
  if (!recovery.ok) return no("wrong_recovery_code")
  const { privateKey } = recovery.value.signIn
  const signature = await device.sign(privateKey, recoveryBytes(house.house, user, challenge, nonce))
  const entered = await call("recoveryFinish", { request: { challenge, signature } })
  if (!entered.ok) return entered
  if (entered.value.user !== user || entered.value.username !== username) return no("house_changed")
  const { rootByRecovery } = entered.value.vault
  return openVault(
    account,
    entered.value,
    await account.unwrapRootByRecovery(rootByRecovery, recovery.value, user),
    house.incarnation.incarnation,
  )
}

export type Renewal = {
  readonly proved: Proved
  /** As `newPassword` gives it. */
  readonly password: string
  /** This device's session, where `proved` has one of its own. */
  readonly keep?: Id
  /** Of this device, where `bearer` is of none. */
  readonly call?: Call
  /** Takes the place of the recovery code. */
  readonly code?: string
  readonly pause: () => Promise<void>
}

/** The vault as it is from then on. */
export async function renew(
  bearer: Call,
  crypto: Crypto,
  house: HouseAnswer,
  { proved, password: prepared, keep, call = bearer, code, pause }: Renewal,
): Promise<Result<VaultRecord, Problem>> {
  const { account, password } = crypto
  const { keys, vault } = proved
  const { user } = proved.account
  const { stretching } = house
  const start = await password.startRegistration(prepared)
  const begun = await bearer("passwordStart", { request: { request: start.request } })
  if (!begun.ok) return begun
  const { state } = start
  const { response } = begun.value
  const finished = await password.finishRegistration({ prepared, state, response, user, stretching })
  if (!finished.ok) return no(finished.error === "weak_stretching" ? "weak_stretching" : "house_changed")
  const { record, exportKey, serverKey } = finished.value
  if (serverKey !== house.opaqueKey) return no("house_changed")

  let { rootByRecovery, recoveryKey } = vault
  if (code !== undefined) {
    const recovery = await account.recoveryFrom(code, user)
    if (!recovery.ok) throw new Error("a fresh recovery code was not readable")
    rootByRecovery = await account.wrapRootForRecovery(keys.root, recovery.value, user)
    recoveryKey = recovery.value.signIn.publicKey
  }
  const rootByPassword = await account.wrapRoot(keys.root, exportKey, user)
  const version = vault.version + 1
  const kept = keep === undefined ? {} : { keep }
  const request = { record, stretching, version, rootByPassword, rootByRecovery, recoveryKey, ...kept }
  for (let attempt = 1; ; attempt++) {
    const done = await bearer("passwordFinish", { request })
    if (done.ok) {
      // A session of the recovery code could not until now.
      await beginKeyLog(call, bearer, crypto, house, proved)
      return ok({ v: 1, life: house.incarnation.incarnation, version })
    }
    if (done.error.kind !== "offline" || attempt === ATTEMPTS) return done
    await pause()
  }
}
