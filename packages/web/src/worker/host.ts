/**
 * Serves tabs inside the worker. Tab and worker each hold a Web Lock for their life and wait for the other's: when it becomes
 * free the other one is gone, crashed or closed. (A MessagePort does not tell, and a farewell at `pagehide` would overtake the
 * draft that is saved there.)
 */
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { serve } from "@teahouse/client/view/serve.ts"

/** A tab's first message: the lock it holds already, and the one that the worker is to hold. */
export type Hello = { readonly t: "hello"; readonly tab: string; readonly worker: string }

const isHello = (data: unknown): data is Hello => {
  const hello = data as Partial<Hello> | null
  return hello?.t === "hello" && typeof hello.tab === "string" && typeof hello.worker === "string"
}

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

type Locks = { request(name: string, task: () => void | Promise<void>): Promise<unknown> }

export function hostTab(channel: Channel, client: ClientPort, locks: Locks): void {
  channel.onmessage = ({ data }) => {
    if (!isHello(data)) return
    const end = serve(client, channel)
    let release = () => {}
    const gone = () => {
      end()
      release()
    }
    void locks.request(
      data.worker,
      () =>
        new Promise<void>((done) => {
          release = done
        }),
    )
    locks.request(data.tab, gone).catch(gone)
  }
}
