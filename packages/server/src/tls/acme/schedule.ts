/**
 * When to ask the CA. CAs count (Let's Encrypt: five failed proofs an hour for a name, five equal certificates a week), and whoever
 * exceeds that waits for days. So the house renews early and rarely, waits longer after each failure, keeps that through a restart, and
 * never asks before a time that the CA named. All times are ms UTC.
 */
import { createHash } from "node:crypto"
import type { Failure } from "./failure.ts"

const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000]
/** After the first failure, the second, …; the last one from then on. */
const PAUSES_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS]
/** At most so much longer, so that houses that failed together do not come back together. */
const SPREAD = 0.25
/** Somebody has mended something and says so (restart, SIGHUP): four times an hour is as often as any CA allows. */
const ASKED_MS = 15 * MINUTE_MS

export type Life = { readonly cert: string; readonly from: number; readonly until: number }

/** With a third of its life left; a little earlier by chance, which for one certificate is always the same. */
export function renewalTime({ cert, from, until }: Life): number {
  const chance = createHash("sha256").update(cert).digest().readUInt32BE(0) / 2 ** 32
  const life = until - from
  return until - life / 3 - (chance * life) / 30
}

export type Attempt = {
  /** One after another without success. */
  readonly failures: number
  readonly at: number
  readonly next: number
  readonly failure: Failure
}

/** `chance`: from 0 to 1. */
export function afterFailure(before: number, failure: Failure, at: number, chance: number): Attempt {
  const pause = PAUSES_MS[Math.min(before, PAUSES_MS.length - 1)] as number
  const next = Math.max(at + pause * (1 + SPREAD * chance), failure.notBefore ?? 0)
  return { failures: before + 1, at, next: Math.round(next), failure }
}

/** Whether it may be tried now. `asked`: by a person. */
export function mayTry(last: Attempt | undefined, now: number, asked: boolean): boolean {
  if (!last || now >= last.next) return true
  // A clock that was wrong when it was written: nothing may wait for ever.
  if (last.at > now + HOUR_MS) return true
  return asked && now >= last.at + ASKED_MS && now >= (last.failure.notBefore ?? 0)
}
