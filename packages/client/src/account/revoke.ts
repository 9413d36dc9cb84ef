/**
 * Devices are taken away (SECURITY R2). The password has opened the account's keys for this moment: the identity key signs the
 * revocations and new certificates for the devices that stay, and the next account key is made. One request, which the house
 * takes as a whole or not at all; what the other devices need then comes to them (generations.ts).
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { decodeCertificate } from "@teahouse/protocol/certificate.ts"
import type { DeviceRecord } from "@teahouse/protocol/http/device.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { revocationBytes } from "@teahouse/protocol/revocation.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"
import type { Amk, Crypto, Device } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import type { KeyLogHouse } from "../key-log/read.ts"
import { beginKeyLog, ownKeyLog, signEntries } from "../key-log/write.ts"
import type { Problem } from "../problem.ts"
import type { Learned } from "./generations.ts"
import type { Proved } from "./login.ts"

/** Another device may come or go meanwhile, and an answer that is lost leaves open whether it was done. */
const ATTEMPTS = 3

export type Revocation = {
  readonly proved: Proved
  readonly me: Device
  readonly house: KeyLogHouse
  /** Not this one. Absent: all others, where there are any. */
  readonly devices?: readonly Id[]
  /** Of the generation that follows, where it is not a new one (say-again.ts): of `devices` those go that are there, be it none. */
  readonly key?: Amk
  /** Of the device that asks; `bearer` is of the session that has just proved the password. */
  readonly call: Call
  readonly bearer: Call
  readonly pause: () => Promise<void>
}

/** What this device learns by it. */
export async function revoke(crypto: Crypto, given: Revocation): Promise<Result<Learned, Problem>> {
  const { proved, me, house, call, bearer, pause, key } = given
  const { user, amks, generation } = proved.account
  const { keys } = proved
  const amk = key ?? (await crypto.account.newAmk(keys, user, generation + 1))
  const accountKey = { generation: amk.generation, sealed: await crypto.account.sealAmk(keys, user, amk) }
  await beginKeyLog(call, bearer, crypto, house, proved)
  for (let attempt = 1; ; attempt++) {
    const logged = await logEntries(crypto, given, amk.generation)
    if (!logged.ok) return logged
    const listed = await call("listDevices", { params: { user } })
    if (!listed.ok) return listed
    const there = listed.value.devices.map((one) => one.device)
    const named = given.devices ?? there.filter((device) => device !== me.device)
    const going = key ? named.filter((device) => there.includes(device)) : named
    // They went by another request, whose key comes as every device's does.
    const gone = attempt > 1 && !going.some((device) => there.includes(device))
    if (going.length === 0 && !key) return ok({})
    const renewed = await renewAll(crypto, given, going, listed.value.devices)
    if (!renewed.ok) return renewed
    const certificates = renewed.value
    const revocations = []
    for (const device of going) {
      const said = revocationBytes(me.house, user, device)
      revocations.push({ device, signature: await crypto.device.sign(keys.uik.privateKey, said) })
    }
    const keyLog = await logged.value(going)
    const request = { revocations, accountKey, certificates, ...(keyLog.length > 0 ? { keyLog } : {}) }
    const done = await bearer("revokeDevices", { request })
    const own = certificates.find((one) => one.device === me.device)
    if (done.ok && own)
      return ok({
        ...{ amks: [...amks, amk], generation: amk.generation, certificate: own.certificate },
        ...{ lost: going, owed: amk.generation },
      })
    if (done.ok) return err({ kind: "unknown_device" })
    const { kind } = done.error
    if (kind === "version_conflict" && gone) return ok({})
    if ((kind !== "offline" && kind !== "version_conflict") || attempt === ATTEMPTS) return done
    await pause()
  }
}

/**
 * What the key log is to say with it. Nothing where there is no log, or where it says so already: an answer was lost. The log is
 * read before the list of devices: one that comes between the two makes this request fail, and not the list wrong.
 */
async function logEntries(crypto: Crypto, { house, bearer, proved, me }: Revocation, generation: number) {
  const own = await ownKeyLog(bearer, house, proved)
  // Another generation than was proved: the request below says which of the two reasons it is.
  if (!own.ok && own.error.kind !== "house_changed") return own
  const log = own.ok ? own.value : undefined
  if (!log?.uik) return ok(async () => [])
  return ok(async (going: readonly Id[]) => {
    const named = going.filter((device) => log.devices.get(device)?.revoked === false && device !== me.device)
    const changes = named.map((device) => ({ kind: "device_revoked", device }) as const)
    return signEntries(crypto, proved.keys.uik, log, [...changes, { kind: "account_key", generation }])
  })
}

/**
 * The house says which devices there are. One that was taken away before, or never was this account's, gets no certificate by
 * being named: the one that it has must be signed by this account, and be of the generation that ends now.
 */
async function renewAll(
  crypto: Crypto,
  { proved, me }: Revocation,
  going: readonly Id[],
  devices: readonly DeviceRecord[],
): Promise<Result<{ device: Id; certificate: Uint8Array }[], Problem>> {
  const { user, username, generation } = proved.account
  const { uik } = proved.keys
  const out = []
  for (const { device: stays, certificate, signatureKey } of devices) {
    if (going.includes(stays)) continue
    const read = decodeCertificate(certificate)
    // Another revocation was quicker: the password is to be proved once more, for what holds now.
    if (read && read.generation > generation) return err({ kind: "version_conflict" })
    const ours =
      read?.device === stays &&
      read.house === me.house &&
      read.user === user &&
      read.username === username &&
      read.generation === generation &&
      sameBytes(read.uik, uik.publicKey) &&
      (await verifyCertificate(read, signatureKey))
    if (!ours) return err({ kind: "house_changed" })
    const { house, kind } = read
    const asked = { house, user, device: stays, generation: generation + 1, username, kind, signatureKey }
    out.push({ device: stays, certificate: await crypto.account.issueCertificate(uik, asked) })
  }
  return ok(out)
}
