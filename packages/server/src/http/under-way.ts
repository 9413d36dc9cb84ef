/**
 * How many bytes of large bodies are being read from one device at the same time. A rate does not bound that: the burst of
 * history segments that a device may write is sixty, and sixty of them at 16 MiB, all begun and none finished, are a gigabyte.
 *
 * What counts is what a request says it has, or, where it does not say, what its route takes. One alone always passes.
 */
export class UnderWay {
  readonly #most: number
  readonly #bytes = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Call what it returns when the request is over, however it ended; undefined: too much already. */
  begin(key: string, bytes: number): (() => void) | undefined {
    const before = this.#bytes.get(key) ?? 0
    if (before > 0 && before + bytes > this.#most) return undefined
    this.#bytes.set(key, before + bytes)
    let over = false
    return () => {
      if (over) return
      over = true
      const left = (this.#bytes.get(key) ?? 0) - bytes
      if (left > 0) this.#bytes.set(key, left)
      else this.#bytes.delete(key)
    }
  }

  get size(): number {
    return this.#bytes.size
  }
}
