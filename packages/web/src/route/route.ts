/** Addresses: `/SLOT/`, `/SLOT/create`, `/SLOT/chats/ROOM/details`, `/SLOT/contacts`, `/SLOT/settings`. Pure. */
import { type Id, isId } from "@teahouse/protocol/ids.ts"

export type Route =
  | { readonly page: "sign-in" }
  | { readonly page: "create" }
  | { readonly page: "chats"; readonly room?: Id; readonly details?: boolean }
  | { readonly page: "contacts" }
  | { readonly page: "settings" }

export const MAX_SLOT = 99

export function slotOf(pathname: string): number | undefined {
  const found = /^\/(\d{1,2})(?:\/|$)/.exec(pathname)?.[1]
  const slot = Number(found)
  return found !== undefined && slot >= 1 && slot <= MAX_SLOT ? slot : undefined
}

export function parseRoute(pathname: string): Route {
  const [, , page, room, more] = pathname.split("/")
  switch (page) {
    case "create":
      return { page: "create" }
    case "sign-in":
      return { page: "sign-in" }
    case "contacts":
      return { page: "contacts" }
    case "settings":
      return { page: "settings" }
    default:
      return room !== undefined && isId(room)
        ? { page: "chats", room, ...(more === "details" && { details: true }) }
        : { page: "chats" }
  }
}

export function pathOf(slot: number, route: Route): string {
  if (route.page !== "chats") return `/${slot}/${route.page}`
  if (!route.room) return `/${slot}/chats`
  return `/${slot}/chats/${route.room}${route.details ? "/details" : ""}`
}

/** One step out, for the arrow in a page's head: what Back would show had the person come the usual way. */
export function parentOf(route: Route): Route | undefined {
  if (route.page === "chats" && route.details && route.room) return { page: "chats", room: route.room }
  if (route.page === "chats" && route.room) return { page: "chats" }
  return undefined
}
