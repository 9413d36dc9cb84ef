/**
 * The page's end: one worker per account slot, the same for all tabs of this slot. If the worker dies, the page connects to
 * the next and its subscriptions go on there. A SharedWorker where the browser has one; otherwise a dedicated worker in one
 * of the tabs (line.ts).
 */
import { systemTimers } from "@teahouse/client/platform.ts"
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { type RemoteClient, remoteClient } from "@teahouse/client/view/remote.ts"
import { scriptUrl } from "../trusted-types.ts"
import workerUrl from "./account-worker.ts?worker&url"
import type { Alive } from "./host.ts"
import { hostWhenFirst } from "./lead.ts"
import { type Broadcast, type Hello, openLine } from "./line.ts"
import { workerName } from "./name.ts"
import { openSharedLine } from "./shared-line.ts"

const openBroadcast = (name: string) => new BroadcastChannel(name) as Broadcast

/** Without these nothing can be done; browsers since 2022 have them. */
export const workersMissing = (): boolean =>
  typeof Worker === "undefined" || !navigator.locks || typeof BroadcastChannel === "undefined"

const knock = (slot: number): Channel =>
  new SharedWorker(scriptUrl(workerUrl), { name: workerName(slot), type: "module" }).port as Channel

function host(slot: number): void {
  hostWhenFirst({
    slot,
    locks: navigator.locks,
    open: openBroadcast,
    newId: () => crypto.randomUUID(),
    start(alive) {
      const worker = new Worker(scriptUrl(workerUrl), { name: workerName(slot), type: "module" })
      worker.postMessage({ t: "alive", alive } satisfies Alive)
    },
  })
}

export async function connectWorker(slot: number): Promise<ClientPort> {
  const tab = `teahouse-tab-${crypto.randomUUID()}`
  // Held until the page is gone; the worker asks for it only after we have it.
  await new Promise<void>((held) => {
    void navigator.locks.request(tab, () => {
      held()
      return new Promise(() => {})
    })
  })
  const shared = typeof SharedWorker !== "undefined"
  if (!shared) host(slot)
  let remote: RemoteClient | undefined
  let last: Channel | undefined
  const connect = (): RemoteClient => {
    const worker = `teahouse-worker-${crypto.randomUUID()}`
    const hello: Hello = { t: "hello", tab, worker }
    // Its first word shows that it holds its lock; from then on the lock is free only when it is dead.
    const outlive = () => void navigator.locks.request(worker, () => void connect())
    const channel = shared
      ? openSharedLine(hello, () => knock(slot), systemTimers, outlive)
      : openLine(hello, slot, openBroadcast)
    if (remote) remote.attach(channel)
    else remote = remoteClient(channel)
    ;(last as Partial<Broadcast> | undefined)?.close?.()
    last = channel
    if (shared) return remote
    const stop = remote.subscribe("session", undefined, () => {
      stop()
      outlive()
    })
    return remote
  }
  return connect()
}
