/**
 * Serves tabs inside the worker. A tab says first which Web Lock it holds for its life; when that lock becomes free the
 * tab is gone, crashed or closed, and its subscriptions end. (A MessagePort does not tell, and a farewell at `pagehide` would
 * overtake the draft that is saved there.)
 */
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { serve } from "@teahouse/client/view/serve.ts"

export type Hello = { readonly t: "hello"; readonly lock: string }

const isHello = (data: unknown): data is Hello =>
  typeof data === "object" &&
  data !== null &&
  (data as Hello).t === "hello" &&
  typeof (data as Hello).lock === "string"

/** What SharedWorkerGlobalScope has and lib.dom does not know. */
type WorkerScope = {
  addEventListener(
    type: "connect",
    listener: (event: { readonly ports: readonly MessagePort[] }) => void,
  ): void
}

export function hostTabs(scope: unknown, client: ClientPort): void {
  ;(scope as WorkerScope).addEventListener("connect", ({ ports: [port] }) => {
    if (port) hostTab(port as Channel, client, navigator.locks)
  })
}

type Locks = { request(name: string, task: () => void): Promise<unknown> }

export function hostTab(channel: Channel, client: ClientPort, locks: Locks): void {
  channel.onmessage = ({ data }) => {
    if (!isHello(data)) return
    const end = serve(client, channel)
    locks.request(data.lock, end).catch(end)
  }
}
