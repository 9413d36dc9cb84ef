/**
 * System notifications, one for each chat and account: the next message takes the place of the last, and reading takes it
 * away. Shown by the service worker, so that a click finds a page whether this tab still lives or not.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { type NotificationData, PUSH_TAG } from "../sw-told.ts"

export type Shown = {
  readonly tag: string
  readonly title: string
  readonly body: string
  readonly silent: boolean
  readonly path: string
}

export const tagOf = (slot: number, room: Id | "many"): string => `teahouse-${slot}-${room}`

export const permission = (): NotificationPermission | "unsupported" =>
  typeof Notification === "undefined" ? "unsupported" : Notification.permission

const registration = async (): Promise<ServiceWorkerRegistration | undefined> =>
  navigator.serviceWorker?.getRegistration("/")

/** False where the browser does not let us: then the page's own sound is all there is. */
export async function show(shown: Shown): Promise<boolean> {
  if (permission() !== "granted") return false
  const { tag, title, body, silent, path } = shown
  const data: NotificationData = { path }
  const options = { tag, body, silent, data, icon: "/icons/icon-192.png", badge: "/icons/badge-96.png" }
  try {
    const worker = await registration()
    // A notification that takes another's place rings again only if it is told to.
    if (worker?.active) await worker.showNotification(title, { ...options, renotify: !silent } as object)
    else new Notification(title, options)
    return true
  } catch {
    return false
  }
}

/** Takes away those of this account that `stays` does not want. */
export async function sweep(slot: number, stays: (tag: string) => boolean): Promise<void> {
  const open = (await (await registration())?.getNotifications()) ?? []
  for (const one of open)
    if (one.tag === PUSH_TAG || (one.tag.startsWith(`teahouse-${slot}-`) && !stays(one.tag))) one.close()
}
