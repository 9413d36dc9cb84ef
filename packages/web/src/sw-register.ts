/** The page's side of the service worker: register, notice a waiting version, switch on the person's word. */
import { scriptUrl } from "./trusted-types.ts"

let waiting: ServiceWorker | undefined
const listeners = new Set<() => void>()

export const updateWaits = (): boolean => waiting !== undefined
export const subscribeUpdate = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

const CHECK_MS = 30 * 60_000

export async function registerServiceWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return
  const container = navigator.serviceWorker
  const note = (worker: ServiceWorker | null) => {
    // Without a controller it is the first one, and nothing older is running.
    if (!worker || !container.controller) return
    waiting = worker
    for (const listener of listeners) listener()
  }
  try {
    const registration = await container.register(scriptUrl("/sw.js"), {
      scope: "/",
      type: "module",
      updateViaCache: "none",
    })
    note(registration.waiting)
    // Every tab goes over together: a worker of the old version would keep the account to itself. Drafts are saved already.
    let controlled = container.controller !== null
    container.addEventListener("controllerchange", () => {
      if (controlled) location.reload()
      controlled = true
    })
    registration.addEventListener("updatefound", () => {
      const next = registration.installing
      next?.addEventListener("statechange", () => {
        if (next.state === "installed") note(registration.waiting)
      })
    })
    setInterval(() => void registration.update().catch(() => {}), CHECK_MS)
  } catch {
    // A browser may forbid it (private windows); everything but a start without network works.
  }
}

export function activateUpdate(): void {
  waiting?.postMessage("activate")
}

/** The house speaks another version already: its page is fetched now, and not when it is looked for next. */
export async function fetchUpdate(): Promise<void> {
  if (waiting) return activateUpdate()
  const container = "serviceWorker" in navigator ? navigator.serviceWorker : undefined
  const registration = await container?.getRegistration().catch(() => undefined)
  await registration?.update().catch(() => {})
  const next = registration?.installing ?? registration?.waiting
  if (!next) return location.reload()
  const look = () => {
    if (next.state === "installed") next.postMessage("activate")
    // What could not be fetched whole is not gone over to: whatever is there is loaded again.
    else if (next.state === "redundant") location.reload()
  }
  next.addEventListener("statechange", look)
  look()
}
