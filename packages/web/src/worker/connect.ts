/**
 * The page's end: one SharedWorker per account slot, the same for all tabs of this slot. A browser without SharedWorker
 * will get a dedicated worker in the leading tab; it plugs in here, by `attach`, and nowhere else.
 */
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { remoteClient } from "@teahouse/client/view/remote.ts"
import { scriptUrl } from "../trusted-types.ts"
import workerUrl from "./account-worker.ts?worker&url"
import type { Hello } from "./host.ts"
import { workerName } from "./name.ts"

export async function connectWorker(slot: number): Promise<ClientPort> {
  const lock = `teahouse-tab-${crypto.randomUUID()}`
  // Held until the page is gone; the worker asks for it only after we have it.
  await new Promise<void>((held) => {
    void navigator.locks.request(lock, () => {
      held()
      return new Promise(() => {})
    })
  })
  const { port } = new SharedWorker(scriptUrl(workerUrl), { name: workerName(slot), type: "module" })
  port.postMessage({ t: "hello", lock } satisfies Hello)
  return remoteClient(port as Channel)
}
