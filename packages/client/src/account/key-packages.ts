/**
 * The keys by which others add this device: enough one-time packages lie ready at the house, and one last-resort package
 * that strangers get and that is renewed weekly. Private halves are stored before the public ones are published, and kept
 * until a welcome used them or their lifetime is over.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import type { Crypto, Device, NewKeyPackage } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import type { Clock } from "../platform.ts"
import type { SealedStore, SealedWrite } from "../store/sealed.ts"

const LOW = 20
const FULL = 40
const WEEK = 7 * 86_400_000
/** Clocks differ: a package is good from a day ago. */
const SKEW = 86_400_000

export type PackageRecord = {
  readonly ref: Uint8Array
  readonly secret: Uint8Array
  readonly lastResort: boolean
  readonly made: number
  readonly until: number
}

const PREFIX = "package/"
const keyOf = (ref: Uint8Array) => PREFIX + toBase64url(ref)

export type PackageParts = {
  readonly store: SealedStore
  readonly crypto: Crypto
  readonly me: Device
  readonly call: Call
  readonly clock: Clock
}

export const packageByRef = (store: SealedStore, ref: Uint8Array) => store.get<PackageRecord>(keyOf(ref))

export async function lastResorts(store: SealedStore): Promise<PackageRecord[]> {
  const all = await store.range<PackageRecord>(PREFIX)
  return all
    .map((row) => row.value)
    .filter((record) => record.lastResort)
    .sort((a, b) => b.made - a.made)
}

/** For one that goes to the house in another way than `topUp`'s. */
export const packageWrite = ({ ref, secret }: NewKeyPackage, made: number, until: number): SealedWrite => ({
  put: keyOf(ref),
  value: { ref, secret, lastResort: false, made, until } satisfies PackageRecord,
})

/** A last-resort package may be used by many; its private half stays. */
export const usedPackage = (record: PackageRecord): SealedWrite[] =>
  record.lastResort ? [] : [{ drop: keyOf(record.ref) }]

export async function topUp({ store, crypto, me, call, clock }: PackageParts): Promise<void> {
  const counted = await call("countKeyPackages", {})
  if (!counted.ok) return
  const now = clock()
  const { oneTime, lastResortSince } = counted.value
  const missing = oneTime < LOW ? FULL - oneTime : 0
  const renew = lastResortSince === null || now - lastResortSince > WEEK
  if (missing === 0 && !renew) return

  const make = async (lastResort: boolean) => {
    const seconds = lastResort ? limits.lastResortLifetime : limits.keyPackageLifetime
    // Within what adder and server accept as a whole lifetime.
    const lifetime = { notBefore: now - SKEW, notAfter: now - SKEW + seconds * 1000 }
    const { ref, bytes, secret } = await crypto.device.newKeyPackage(me, lifetime)
    const record: PackageRecord = { ref, secret, lastResort, made: now, until: lifetime.notAfter }
    return { bytes, write: { put: keyOf(ref), value: record } }
  }
  const oneTimes = []
  for (let i = 0; i < missing; i++) oneTimes.push(await make(false))
  const last = renew ? await make(true) : undefined
  const old = (await store.range<PackageRecord>(PREFIX)).filter((row) => row.value.until < now)
  const drops = old.map((row) => ({ drop: row.key }))
  await store.write([...drops, ...oneTimes.map((one) => one.write), ...(last ? [last.write] : [])], "strict")
  const request = { oneTime: oneTimes.map((one) => one.bytes), ...(last ? { lastResort: last.bytes } : {}) }
  await call("publishKeyPackages", { request })
}
