/** Token buckets that can give several at once: a frame of ten messages costs ten. Forgotten where they are full again. */
export class Rate {
  readonly #perMs: number
  readonly #burst: number
  readonly #buckets = new Map<string, { tokens: number; at: number }>()
  #swept = 0

  constructor(perMs: number, burst: number) {
    this.#perMs = perMs
    this.#burst = burst
  }

  /** 0 where they were taken; else none was, and so many milliseconds pass until there are enough. */
  take(key: string, count: number, now: number): number {
    this.#sweep(now)
    let bucket = this.#buckets.get(key)
    if (!bucket) {
      bucket = { tokens: this.#burst, at: now }
      this.#buckets.set(key, bucket)
    }
    // A clock that is set back must not take tokens away.
    bucket.tokens = Math.min(this.#burst, bucket.tokens + Math.max(0, now - bucket.at) * this.#perMs)
    bucket.at = now
    // More than the burst at once is asked of a full bucket, or it could never be had.
    const needed = Math.min(count, this.#burst)
    if (bucket.tokens < needed) return Math.ceil((needed - bucket.tokens) / this.#perMs)
    bucket.tokens -= count
    return 0
  }

  /** Used elsewhere, whether or not there are as many left; nobody owes more than a burst. */
  owe(key: string, count: number, now: number): void {
    this.take(key, 0, now)
    const bucket = this.#buckets.get(key)
    if (bucket) bucket.tokens = Math.max(-this.#burst, bucket.tokens - count)
  }

  #sweep(now: number): void {
    // Also for whoever owes a burst.
    const full = (2 * this.#burst) / this.#perMs
    if (now - this.#swept < Math.max(full, 60_000)) return
    this.#swept = now
    for (const [key, { at }] of this.#buckets) if (now - at > full) this.#buckets.delete(key)
  }
}
