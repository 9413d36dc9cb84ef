/** Being woken by the browser's push service while everything is closed. One subscription serves all accounts here. */
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { readHere, setHere } from "./here.ts"
import { permission } from "./notifications.ts"

export const pushPossible = (): boolean => "serviceWorker" in navigator && "PushManager" in globalThis

/** `failed`: the browser has no service behind it, or it cannot be reached. */
export type PushResult = "on" | "refused" | "failed"

async function subscribe(key: Uint8Array): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready
  const known = await pushManager.getSubscription()
  const before = known?.options.applicationServerKey
  if (known && before && sameBytes(new Uint8Array(before), key)) return known
  // Of another house that lived at this address.
  await known?.unsubscribe()
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: Uint8Array.from(key) })
}

export async function turnPushOn(port: ClientPort, slot: number): Promise<PushResult> {
  const key = await port.command("pushKey", {})
  if (!key.ok) return "failed"
  try {
    const { endpoint } = await subscribe(key.value.key)
    const set = await port.command("setPush", { endpoint })
    if (!set.ok) return set.error.kind === "push_refused" ? "refused" : "failed"
    setHere(slot, { push: true })
    return "on"
  } catch {
    return "failed"
  }
}

/** Other accounts of this browser may go on with the subscription; the house just does not know it for this one. */
export async function turnPushOff(port: ClientPort, slot: number): Promise<"off"> {
  setHere(slot, { push: false })
  await port.command("setPush", { endpoint: null })
  return "off"
}

/** A browser may have made its subscription anew meanwhile, and signing in again made another device. */
export function keepPush(port: ClientPort, slot: number): void {
  if (readHere(slot).push && pushPossible() && permission() === "granted") void turnPushOn(port, slot)
}
