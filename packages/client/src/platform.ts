/**
 * What the client core takes from the machine it runs on. Everything is an argument, so that a test can hold time still,
 * lose a frame or stop a disk, and so that the same core runs in a browser's worker, in a terminal and in a test.
 */

/** Milliseconds since 1970, UTC. */
export type Clock = () => number

/** Runs something later; returns how to call it off. */
export type Timers = (ms: number, run: () => void) => () => void

/** A fraction in [0, 1) for spreading retries; never for secrets. */
export type Jitter = () => number

/** The part of the Fetch standard that is used. */
export type Fetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string | Uint8Array<ArrayBuffer>
    signal: AbortSignal
  },
) => Promise<FetchAnswer>
export type FetchAnswer = {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
  arrayBuffer(): Promise<ArrayBuffer>
}

export type SocketHandlers = {
  open(): void
  message(bytes: Uint8Array): void
  /** Once, whatever the reason; nothing follows. */
  close(): void
}
export type Socket = { send(bytes: Uint8Array): void; close(): void }
export type OpenSocket = (url: string, handlers: SocketHandlers) => Socket

/** The machine's own timers. */
export const systemTimers: Timers = (ms, run) => {
  const handle = setTimeout(run, ms)
  return () => clearTimeout(handle)
}
