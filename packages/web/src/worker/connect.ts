/** The page's end: one SharedWorker per account slot, the same for all tabs of this slot. */
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { scriptUrl } from "../trusted-types.ts"
import workerUrl from "./account-worker.ts?worker&url"

export const workerName = (slot: number): string => `teahouse-${slot}`

export function connectWorker(slot: number): ClientPort {
  const worker = new SharedWorker(scriptUrl(workerUrl), { name: workerName(slot), type: "module" })
  void worker
  throw new Error("not built yet")
}
