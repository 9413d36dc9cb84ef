/** Waiting longer after each failure, spread so that a house that comes back is not met by everybody at once. */
import type { Jitter } from "./platform.ts"

export type BackoffOptions = { readonly firstMs: number; readonly maxMs: number }

/** Between half and all of first·2^failures, at most `maxMs`. */
export function backoff(failures: number, jitter: Jitter, { firstMs, maxMs }: BackoffOptions): number {
  const whole = Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30))
  return Math.round(whole * (0.5 + jitter() / 2))
}
