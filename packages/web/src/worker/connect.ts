/**
 * The page's end: one SharedWorker per account slot, the same for all tabs of this slot. If the worker dies, the page starts
 * another and its subscriptions go on there. A browser without SharedWorker will get a dedicated worker in the leading tab;
 * it plugs in here and nowhere else.
 */
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { type RemoteClient, remoteClient } from "@teahouse/client/view/remote.ts"
import { scriptUrl } from "../trusted-types.ts"
import workerUrl from "./account-worker.ts?worker&url"
import type { Hello } from "./host.ts"
import { workerName } from "./name.ts"

export async function connectWorker(slot: number): Promise<ClientPort> {
  const tab = `teahouse-tab-${crypto.randomUUID()}`
  // Held until the page is gone; the worker asks for it only after we have it.
  await new Promise<void>((held) => {
    void navigator.locks.request(tab, () => {
      held()
      return new Promise(() => {})
    })
  })
  let remote: RemoteClient | undefined
  const connect = (): RemoteClient => {
    const worker = `teahouse-worker-${crypto.randomUUID()}`
    const { port } = new SharedWorker(scriptUrl(workerUrl), { name: workerName(slot), type: "module" })
    port.postMessage({ t: "hello", tab, worker } satisfies Hello)
    if (remote) remote.attach(port as Channel)
    else remote = remoteClient(port as Channel)
    // Its first word shows that it holds its lock; from then on the lock is free only when it is dead.
    const stop = remote.subscribe("session", undefined, () => {
      stop()
      void navigator.locks.request(worker, () => void connect())
    })
    return remote
  }
  return connect()
}
