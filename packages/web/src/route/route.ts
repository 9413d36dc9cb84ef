/**
 * Addresses: `/SLOT/`, `/SLOT/create`, `/SLOT/recover`, `/SLOT/chats/ROOM/details`, `/SLOT/chats/ROOM/at/SEQ`, `/SLOT/contacts/USER`,
 * `/SLOT/settings`, `/SLOT/admin/PART`. Pure.
 */

import { type Id, isId } from "@teahouse/protocol/ids.ts"

export type Route =
  | { readonly page: "sign-in" }
  | { readonly page: "create" }
  | { readonly page: "recover" }
  /** `at`: a message to go to. */
  | { readonly page: "chats"; readonly room?: Id; readonly details?: boolean; readonly at?: number }
  | { readonly page: "contacts"; readonly user?: Id }
  | { readonly page: "settings" }
  | { readonly page: "admin"; readonly part: AdminPart }
  /** By a join link, whose secret is not in the address any more (screens/join/kept-link.ts). */
  | { readonly page: "join" }

export const adminParts = ["overview", "users", "invites", "rooms", "audit"] as const
export type AdminPart = (typeof adminParts)[number]

export const MAX_SLOT = 99

export function slotOf(pathname: string): number | undefined {
  const found = /^\/(\d{1,2})(?:\/|$)/.exec(pathname)?.[1]
  const slot = Number(found)
  return found !== undefined && slot >= 1 && slot <= MAX_SLOT ? slot : undefined
}

export function parseRoute(pathname: string): Route {
  const [, , page, room, more, seq] = pathname.split("/")
  switch (page) {
    case "create":
      return { page: "create" }
    case "recover":
      return { page: "recover" }
    case "sign-in":
      return { page: "sign-in" }
    case "contacts":
      return room !== undefined && isId(room) ? { page: "contacts", user: room } : { page: "contacts" }
    case "join":
      return { page: "join" }
    case "admin":
      return { page: "admin", part: adminParts.find((part) => part === room) ?? "overview" }
    case "settings":
      return { page: "settings" }
    default:
      return room !== undefined && isId(room)
        ? {
            page: "chats",
            room,
            ...(more === "details" && { details: true }),
            ...(more === "at" && /^[1-9]\d{0,14}$/.test(seq ?? "") && { at: Number(seq) }),
          }
        : { page: "chats" }
  }
}

export function pathOf(slot: number, route: Route): string {
  if (route.page === "contacts" && route.user) return `/${slot}/contacts/${route.user}`
  if (route.page === "admin") return `/${slot}/admin/${route.part}`
  if (route.page !== "chats") return `/${slot}/${route.page}`
  if (!route.room) return `/${slot}/chats`
  const more = route.details ? "/details" : route.at !== undefined ? `/at/${route.at}` : ""
  return `/${slot}/chats/${route.room}${more}`
}

/** One step out, for the arrow in a page's head: what Back would show had the person come the usual way. */
export function parentOf(route: Route): Route | undefined {
  if (route.page === "chats" && route.details && route.room) return { page: "chats", room: route.room }
  if (route.page === "chats" && route.room) return { page: "chats" }
  if (route.page === "contacts" && route.user) return { page: "contacts" }
  return route.page === "admin" ? { page: "settings" } : undefined
}
