/**
 * A new account: everything is made here, and the house stores sealed bytes (SECURITY R2). What must never be stored on
 * a device (root, private identity and vault keys) lives in this function only.
 */
import { newId } from "@teahouse/protocol/ids.ts"
import { emptyKeyLog } from "@teahouse/protocol/key-log.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import type { Crypto } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import { addedDevice, beginning, signEntries } from "../key-log/write.ts"
import type { Problem } from "../problem.ts"
import type { HouseAnswer } from "./house.ts"
import { newPassword } from "./new-password.ts"
import type { AccountRecord } from "./records.ts"

/** The first generation of everything that counts generations. */
const FIRST = 1

export type Registered = { readonly account: AccountRecord; readonly recoveryCode: string }
const no = (kind: Problem["kind"]) => err<Problem>({ kind })

export async function register(
  call: Call,
  crypto: Crypto,
  house: HouseAnswer,
  given: {
    readonly username: string
    readonly password: string
    readonly invite?: Uint8Array | undefined
    /** Its owner's token: the account is a bot's. */
    readonly bot?: Uint8Array | undefined
  },
): Promise<Result<Registered, Problem>> {
  const { account: keysOf, password, device: devices } = crypto
  const username = normalizeUsername(given.username)
  if (username === undefined) return no("invalid_username")
  const prepared = newPassword(crypto, given.password, username)
  if (!prepared.ok) return prepared
  const random = (length: number) => crypto.sealed.randomBytes(length)
  const user = newId(random)
  const device = newId(random)
  const { invite, bot } = given
  const admission = { ...(invite ? { invite } : {}), ...(bot ? { bot } : {}) }

  const start = await password.startRegistration(prepared.value)
  const begun = await call("registerStart", {
    request: { username, user, request: start.request, ...admission },
  })
  if (!begun.ok) return begun
  const finished = await password.finishRegistration({
    prepared: prepared.value,
    state: start.state,
    response: begun.value.response,
    user,
    stretching: house.stretching,
  })
  if (!finished.ok) return no(finished.error === "weak_stretching" ? "weak_stretching" : "house_changed")
  if (finished.value.serverKey !== house.opaqueKey) return no("house_changed")

  const keys = await keysOf.newAccount()
  const recoveryCode = keysOf.newRecoveryCode()
  const recovery = await keysOf.recoveryFrom(recoveryCode, user)
  if (!recovery.ok) throw new Error("a fresh recovery code was not readable")
  const amk = await keysOf.newAmk(keys, user, FIRST)
  const signature = await devices.newSignatureKey()
  const certificate = await keysOf.issueCertificate(keys.uik, {
    house: house.house,
    user,
    device,
    generation: FIRST,
    username,
    kind: bot ? "bot" : "person",
    signatureKey: signature.publicKey,
  })
  const keyLog = await signEntries(crypto, keys.uik, emptyKeyLog(house.house, user), [
    ...beginning(keys.uik.publicKey, FIRST),
    addedDevice(device, signature.publicKey),
  ])
  const registered = await call("registerFinish", {
    request: {
      username,
      user,
      record: finished.value.record,
      stretching: house.stretching,
      vault: {
        version: FIRST,
        uik: keys.uik.publicKey,
        vaultKey: keys.vault.publicKey,
        vaultKeySignature: await keysOf.signVaultKey(keys, user),
        rootByPassword: await keysOf.wrapRoot(keys.root, finished.value.exportKey, user),
        rootByRecovery: await keysOf.wrapRootForRecovery(keys.root, recovery.value, user),
        recoveryKey: recovery.value.signIn.publicKey,
        keys: await keysOf.sealKeys(keys, user),
      },
      accountKey: { generation: FIRST, sealed: await keysOf.sealAmk(keys, user, amk) },
      certificate,
      signatureKey: signature.publicKey,
      keyLog,
      ...admission,
    },
  })
  if (!registered.ok) return registered
  const account: AccountRecord = {
    user,
    username,
    uik: keys.uik.publicKey,
    device: { house: house.house, user, device, certificate, signature },
    generation: FIRST,
    amks: [amk],
    vault: { v: 1, life: house.incarnation.incarnation, version: FIRST },
    unconfirmed: recoveryCode,
    session: registered.value.session,
  }
  return ok({ account, recoveryCode })
}
