/** The address is the state: Back, reload and a copied link all work without a router. */
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from "react"
import { parentOf, parseRoute, pathOf, type Route } from "./route.ts"

const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}
if (typeof window !== "undefined") window.addEventListener("popstate", tell)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export const SlotContext = createContext(1)

export type Navigation = {
  readonly route: Route
  readonly go: (route: Route, how?: "push" | "replace") => void
  /** To the page's parent: by Back where that is where we came from, so that the history does not grow. */
  readonly up: () => void
  readonly href: (route: Route) => string
}

export function useNavigation(): Navigation {
  const slot = useContext(SlotContext)
  const pathname = useSyncExternalStore(subscribe, () => location.pathname)
  const go = useCallback(
    (route: Route, how: "push" | "replace" = "push") => {
      const path = pathOf(slot, route)
      if (path === location.pathname) return
      const state = {
        from: how === "push" ? location.pathname : (history.state as { from?: string } | null)?.from,
      }
      if (how === "push") history.pushState(state, "", path)
      else history.replaceState(state, "", path)
      tell()
    },
    [slot],
  )
  return useMemo(() => {
    const route = parseRoute(pathname)
    const href = (to: Route) => pathOf(slot, to)
    return {
      route,
      go,
      href,
      up: () => {
        const parent = parentOf(route)
        if (!parent) return
        if ((history.state as { from?: string } | null)?.from === href(parent)) history.back()
        else go(parent, "replace")
      },
    }
  }, [pathname, slot, go])
}
