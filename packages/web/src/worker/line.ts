/**
 * Where there is no SharedWorker (Chrome on Android, Safari before 16) one tab hosts a dedicated worker and the others
 * reach it over BroadcastChannels: a common one where they find each other, and one for each connection. The worker speaks
 * with all of them itself, so that no page has to relay, and the hosting tab is a tab like any other.
 * Rejected: MessagePorts by way of the service worker, which may be stopped, or forbidden, in the middle of it.
 */
import type { Channel } from "@teahouse/client/view/channel.ts"

/** A tab's first message: the lock it holds already, and the one that the worker is to hold. */
export type Hello = { readonly t: "hello"; readonly tab: string; readonly worker: string }

/** On the common channel. */
export type Found =
  | Hello
  /** A worker has begun: whoever has no connection asks again. */
  | { readonly t: "hosting"; readonly worker: string }
  /** The connection of this name stands. */
  | { readonly t: "welcome"; readonly worker: string }

export const hallName = (slot: number): string => `teahouse-hall-${slot}`
export const lineName = (connection: string): string => `teahouse-line-${connection}`

export type Broadcast = Channel & { close(): void }
export type OpenBroadcast = (name: string) => Broadcast

/** A tab's connection. What is said before somebody listens waits: a BroadcastChannel keeps nothing. */
export function openLine(
  hello: Hello,
  slot: number,
  open: OpenBroadcast,
): Broadcast & { readonly stands: () => boolean } {
  const hall = open(hallName(slot))
  const line = open(lineName(hello.worker))
  let waiting: unknown[] | undefined = []
  hall.onmessage = ({ data }) => {
    const found = data as Found
    if (!waiting) return
    if (found.t === "hosting") hall.postMessage(hello)
    if (found.t === "welcome" && found.worker === hello.worker) {
      for (const message of waiting) line.postMessage(message)
      waiting = undefined
      hall.close()
    }
  }
  hall.postMessage(hello)
  return {
    get onmessage() {
      return line.onmessage
    },
    set onmessage(listener) {
      line.onmessage = listener
    },
    postMessage(message) {
      if (waiting) waiting.push(message)
      else line.postMessage(message)
    },
    stands: () => waiting === undefined,
    close() {
      waiting = undefined
      hall.close()
      line.close()
    },
  }
}
