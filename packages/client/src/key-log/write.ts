/**
 * What an account says in its key log. The identity key is in hand only while somebody registers, signs in, recovers or takes a
 * device away; so these are the moments at which an account of before there were logs begins its own.
 */
import { concat, sameBytes } from "@teahouse/protocol/bytes.ts"
import { decodeCertificate } from "@teahouse/protocol/certificate.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import {
  extendKeyLog,
  type KeyLog,
  type KeyLogChange,
  keyLogContent,
  keyLogToSign,
} from "@teahouse/protocol/key-log.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"
import type { AccountKeys, Crypto, KeyPair } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import type { Problem } from "../problem.ts"
import { type KeyLogHouse, readKeyLog } from "./read.ts"

/** Of who has just proved the password or the recovery code. */
export type Proof = {
  readonly account: { readonly user: Id; readonly generation: number }
  readonly keys: AccountKeys
}

/** Throws where a change does not fit the log: the caller has looked. */
export async function signEntries(
  { device }: Pick<Crypto, "device">,
  uik: KeyPair,
  log: KeyLog,
  changes: readonly KeyLogChange[],
): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = []
  let at = log
  for (const change of changes) {
    const content = keyLogContent(at, change)
    const entry = concat(content, await device.sign(uik.privateKey, keyLogToSign(content)))
    const next = extendKeyLog(at, [entry])
    if (!next.ok) throw new Error(`key log: ${change.kind} is ${next.error}`)
    at = next.value
    entries.push(entry)
  }
  return entries
}

export const addedDevice = (device: Id, signatureKey: Uint8Array): KeyLogChange => ({
  kind: "device_added",
  device,
  signatureKey,
})

/** A log's first entries. `generation`: of the newest account key. */
export const beginning = (uik: Uint8Array, generation: number): KeyLogChange[] => [
  { kind: "identity", uik },
  ...Array.from({ length: generation }, (_, i) => ({ kind: "account_key", generation: i + 1 }) as const),
]

/**
 * The account's own log, held against what has just been proved: another identity or another number of account keys means
 * that the house hides something, a revocation perhaps. undefined: a house of before key logs.
 */
export async function ownKeyLog(
  call: Call,
  house: KeyLogHouse,
  { account, keys }: Proof,
): Promise<Result<KeyLog | undefined, Problem>> {
  const read = await readKeyLog(call, house, account.user)
  if (!read.ok) {
    if (read.error.kind === "unknown_route") return ok(undefined)
    return read.error.kind === "unsigned" ? err({ kind: "house_changed" }) : err(read.error)
  }
  const { log } = read.value
  if (!log.ok) return err({ kind: "house_changed" })
  const { uik, generation } = log.value
  const ours = uik === undefined || (sameBytes(uik, keys.uik.publicKey) && generation === account.generation)
  return ours ? ok(log.value) : err({ kind: "house_changed" })
}

/** What this device has to say so that it stands in the log; nothing where it does, or where there is no log yet. */
export async function entriesFor(
  call: Call,
  crypto: Crypto,
  house: KeyLogHouse,
  proved: Proof,
  { device, signatureKey }: { readonly device: Id; readonly signatureKey: Uint8Array },
): Promise<Result<readonly Uint8Array[], Problem>> {
  const own = await ownKeyLog(call, house, proved)
  if (!own.ok) return own
  const log = own.value
  if (!log?.uik) return ok([])
  const known = log.devices.get(device)
  if (known && !sameBytes(known.signatureKey, signatureKey)) return err({ kind: "house_changed" })
  return ok(known ? [] : await signEntries(crypto, proved.keys.uik, log, [addedDevice(device, signatureKey)]))
}

/**
 * Begins the log of an account of before; where it has one, nothing is done. `call` is of a device of the account, `bearer` of
 * whoever has just proved the password. It may fail: then the next sign-in begins it.
 */
export async function beginKeyLog(
  call: Call,
  bearer: Call,
  crypto: Crypto,
  house: KeyLogHouse,
  proved: Proof,
): Promise<void> {
  const own = await ownKeyLog(bearer, house, proved)
  if (!own.ok || own.value === undefined || own.value.uik) return
  const { user, generation } = proved.account
  const { uik } = proved.keys
  const listed = await call("listDevices", { params: { user } })
  if (!listed.ok) return
  const changes = beginning(uik.publicKey, generation)
  for (const { device, certificate, signatureKey } of listed.value.devices) {
    const read = decodeCertificate(certificate)
    const ours =
      read?.device === device &&
      read.house === house.house &&
      read.user === user &&
      sameBytes(read.uik, uik.publicKey) &&
      (await verifyCertificate(read, signatureKey))
    // The house says that there is a device that this account has never certified: such a one gets into no log.
    if (!ours) return
    changes.push(addedDevice(device, signatureKey))
  }
  await bearer("beginKeyLog", { request: { entries: await signEntries(crypto, uik, own.value, changes) } })
}
