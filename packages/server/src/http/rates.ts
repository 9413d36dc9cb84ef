/**
 * Token buckets in memory: how often an address or an account may do something. They are per process and forgotten on a
 * restart, which costs an attacker nothing worth having; a table would cost a write for every request. Where there are several
 * nodes they tell each other what was used (ops/shared-rates.ts), but for what protects a node from work.
 *
 * An IPv6 address counts as its /64, which is what one household or one rented machine has.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import type { RouteName } from "@teahouse/protocol/http.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import { sharesNothing } from "../ops/shared-rates.ts"

type Bucket = { tokens: number; at: number }
type Rule = { readonly perMs: number; readonly burst: number }

/** Above this many keys the ones that are full again are forgotten; if none is, the oldest are. */
const MAX_KEYS = 50_000

export class Buckets {
  readonly #rule: Rule
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  constructor(rule: Rule, now: () => number) {
    this.#rule = rule
    this.#now = now
  }

  /** 0 where a token was taken, else the milliseconds until there is one. */
  take(key: string): number {
    const bucket = this.#filled(key)
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1
      return 0
    }
    return Math.ceil((1 - bucket.tokens) / this.#rule.perMs)
  }

  /** Used at another node, whether or not there is one left; nobody owes more than a burst. */
  owe(key: string, count: number): void {
    const bucket = this.#filled(key)
    bucket.tokens = Math.max(-this.#rule.burst, bucket.tokens - count)
  }

  #filled(key: string): Bucket {
    const now = this.#now()
    const bucket = this.#buckets.get(key) ?? { tokens: this.#rule.burst, at: now }
    // A clock that is set back must not take tokens away.
    const elapsed = Math.max(0, now - bucket.at)
    bucket.tokens = Math.min(this.#rule.burst, bucket.tokens + elapsed * this.#rule.perMs)
    bucket.at = now
    if (!this.#buckets.has(key)) {
      if (this.#buckets.size >= MAX_KEYS) this.#forget(now)
      this.#buckets.set(key, bucket)
    }
    return bucket
  }

  get size(): number {
    return this.#buckets.size
  }

  #forget(now: number): void {
    for (const [key, bucket] of this.#buckets)
      if (bucket.tokens + (now - bucket.at) * this.#rule.perMs >= this.#rule.burst) this.#buckets.delete(key)
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size < MAX_KEYS) break
      this.#buckets.delete(key)
    }
  }
}

const MINUTE = 60_000

/** Judged by the house: signatures, trees, megabytes. Counted before the body is read. */
const heavy = new Set<RouteName>([
  "createRoom",
  "postCommit",
  "openGeneration",
  "publishKeyPackages",
  "sendRequest",
  "requestJoin",
  "revokeDevices",
])

export type Rates = {
  /** Any request, also the upgrade to a socket. */
  request(address: string): Refusal | undefined
  /** A request by a device, or by a person who has none yet: only routes that cost the house more than a look are counted. */
  route(device: string, name: RouteName): Refusal | undefined
  /**
   * Signing in, before the name is known to exist. Few guesses for one network, and more for all of them together: a
   * stranger elsewhere must not be able to keep somebody from their own account.
   */
  signIn(address: string, name: string): Refusal | undefined
  /** Registering begins; the name is anybody's guess and no account's yet. */
  register(address: string): Refusal | undefined
  /** Registering ends: checks a certificate and writes. */
  registered(address: string): Refusal | undefined
  find(user: string): Refusal | undefined
}

export function createRates(limits: Limits, now: () => number, share = sharesNothing): Rates {
  const buckets = (limit: string, perMinute: number, burst = perMinute) => {
    const own = new Buckets({ perMs: perMinute / MINUTE, burst }, now)
    const used = share(limit, (key, count) => own.owe(key, count))
    return {
      take(key: string): number {
        const wait = own.take(key)
        if (wait === 0) used(key, 1)
        return wait
      },
    }
  }
  const perSecond = (rate: number, burst: number) => new Buckets({ perMs: rate / 1000, burst }, now)
  const requests = perSecond(limits.requestsPerSecondAddress, limits.requestBurstAddress)
  const byAddress = buckets("address", limits.signInsPerMinuteAddress)
  const byAccount = buckets("account", limits.signInsPerMinuteAccount)
  const byName = buckets("name", limits.signInsPerMinuteName)
  const registrations = buckets("registrations", limits.signInsPerMinuteAddress)
  const heavies = buckets("heavy", limits.heavyPerMinute, limits.heavyBurst)
  const claims = buckets("claims", limits.claimsPerMinute, limits.claimBurst)
  const finds = buckets("finds", limits.findsPerMinute)
  const historyWrites = perSecond(limits.historyWritesPerSecond, limits.historyWriteBurst)
  const historyReads = perSecond(limits.historyReadsPerSecond, limits.historyReadBurst)
  const answer = (wait: number) => (wait > 0 ? refuse("rate_limited", { retryAfterMs: wait }) : undefined)
  return {
    request: (address) => answer(requests.take(networkOf(address))),
    route(device, name) {
      if (name === "claimKeyPackages") return answer(claims.take(device))
      if (name === "writeHistory" || name === "dropHistory") return answer(historyWrites.take(device))
      if (name === "listHistory" || name === "readHistory") return answer(historyReads.take(device))
      return heavy.has(name) ? answer(heavies.take(`${device} ${name}`)) : undefined
    },
    signIn(address, name) {
      const network = networkOf(address)
      return answer(byAddress.take(network) || byAccount.take(`${network} ${name}`) || byName.take(name))
    },
    register: (address) => answer(byAddress.take(networkOf(address))),
    registered: (address) => answer(registrations.take(networkOf(address))),
    find: (user) => answer(finds.take(user)),
  }
}

/** The part of an address that belongs to one party. */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (v4) return v4[1] as string
  if (!address.includes(":")) return address
  const [head = "", tail = ""] = (address.split("%")[0] as string).split("::")
  const left = head === "" ? [] : head.split(":")
  const right = tail === "" ? [] : tail.split(":")
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0")
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((part) => part.toLowerCase())
    .join(":")
}
