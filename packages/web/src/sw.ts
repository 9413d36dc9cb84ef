/**
 * Keeps the shell of one build, so that a closed tab opens while the house cannot be reached. A page and its assets always
 * come from the same build: the index from the cache first, a new build waits until the person takes it (UX 37). Rejected:
 * network first for the index – it mixes a new index with an old worker's idea of what is kept, and it waits for a network
 * that hangs. Beside the shell, decrypted files are answered here (sw-files.ts); the API and the socket go to the network.
 */
import type { Channel } from "@teahouse/client/view/channel.ts"
import { createDoor, fileAddress } from "./sw-files.ts"

import { heedNotifications, type ToldScope } from "./sw-told.ts"

declare const __VERSION__: string
declare const __FILES__: readonly string[]

type ExtendableEvent = Event & { waitUntil(promise: Promise<unknown>): void }
type FetchEvent = ExtendableEvent & {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
type Scope = {
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  readonly location: Location
}
const scope = self as unknown as Scope

const PREFIX = "teahouse-shell-"
const CACHE = PREFIX + __VERSION__
const kept = new Set(__FILES__.filter((file) => file !== "/index.html"))
/** Pages of the application: `/`, `/1`, `/1/anything`, and `/join`, where a group's link leads. */
const isPage = (path: string) => path === "/" || /^\/(?:\d{1,2}(?:\/|$)|join\/?$)/.test(path)

heedNotifications(self as unknown as ToldScope)

scope.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE)
      const fresh = (path: string) => new Request(path, { cache: "reload" })
      await cache.addAll([...kept].map(fresh))
      // Under `/`, because servers like to redirect /index.html, and a redirected answer cannot open a page.
      await cache.add(fresh("/"))
    })(),
  )
})

scope.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name)
      await scope.clients.claim()
    })(),
  )
})

scope.addEventListener("message", (event) => {
  if (event.data === "activate") void scope.skipWaiting()
})

const door = createDoor((name) => new BroadcastChannel(name) as Channel)

scope.addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== scope.location.origin) return
  const file = fileAddress(url.pathname)
  if (file) {
    event.respondWith(door(file, request))
    return
  }
  const key =
    request.mode === "navigate"
      ? isPage(url.pathname)
        ? "/"
        : undefined
      : kept.has(url.pathname)
        ? url.pathname
        : undefined
  if (key === undefined) return
  event.respondWith(
    (async () => {
      const cache = await caches.open(CACHE)
      return (await cache.match(key, { ignoreVary: true })) ?? fetch(request)
    })(),
  )
})
