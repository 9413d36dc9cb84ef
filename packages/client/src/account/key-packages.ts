/**
 * The keys by which others add this device: enough one-time packages lie ready at the house, and one last-resort package
 * that strangers get and that is renewed weekly. Private halves are stored before the public ones are published, and kept
 * until a welcome used them or their lifetime is over.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { generationOf } from "@teahouse/protocol/certificate.ts"
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

/**
 * Without those whose packages are of an older account generation than another's: no tree takes both (judge/src/identity.ts).
 * Such a device has been away since one was taken away, and comes in by itself when it is back.
 */
export function ofNewest<T extends { readonly n: number }>(devices: readonly T[]): readonly T[] {
  const newest = Math.max(...devices.map(({ n }) => n))
  return devices.filter(({ n }) => n === newest)
}

/** Of which account generation the packages are that lie at the house. */
const GENERATION = "packages/generation"

export async function topUp({ store, crypto, me, call, clock }: PackageParts): Promise<void> {
  const counted = await call("countKeyPackages", {})
  if (!counted.ok) return
  const now = clock()
  const { oneTime, lastResortSince } = counted.value
  const generation = generationOf(me.certificate)
  // Those of an older certificate can be added nowhere any more where another of the account's devices has renewed its own.
  const replace = ((await store.get<number>(GENERATION)) ?? 1) < generation
  const missing = replace ? FULL : oneTime < LOW ? FULL - oneTime : 0
  const renew = replace || lastResortSince === null || now - lastResortSince > WEEK
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
  const request = {
    oneTime: oneTimes.map((one) => one.bytes),
    ...(last ? { lastResort: last.bytes } : {}),
    ...(replace ? { replace: true as const } : {}),
  }
  const published = await call("publishKeyPackages", { request })
  if (published.ok && replace) await store.write([{ put: GENERATION, value: generation }])
}
