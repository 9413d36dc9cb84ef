import type { Id } from "@teahouse/protocol/ids.ts"
import { describe, expect, it } from "vitest"
import { parentOf, parseRoute, pathOf, type Route, slotOf } from "./route.ts"

const room = "AAAAAAAAAAAAAAAAAAAAAA" as Id

describe("addresses", () => {
  it.each<[Route]>([
    [{ page: "sign-in" }],
    [{ page: "create" }],
    [{ page: "recover" }],
    [{ page: "chats" }],
    [{ page: "chats", room }],
    [{ page: "chats", room, details: true }],
    [{ page: "contacts" }],
    [{ page: "settings" }],
    [{ page: "admin", part: "rooms" }],
  ])("%o is read back", (route) => {
    expect(parseRoute(pathOf(3, route))).toEqual(route)
  })
  it("slots are 1 to 99", () => {
    expect(slotOf("/1/")).toBe(1)
    expect(slotOf("/12/chats")).toBe(12)
    expect(slotOf("/2")).toBe(2)
    for (const path of ["/", "/0/", "/100/", "/x/", "/1x/", "/assets/1"]) expect(slotOf(path)).toBeUndefined()
  })
  it("nonsense leads to the chats", () => {
    expect(parseRoute("/1/chats/not-an-id")).toEqual({ page: "chats" })
    expect(parseRoute("/1/%00")).toEqual({ page: "chats" })
  })
  it("the parent of details is the chat", () => {
    expect(parentOf({ page: "chats", room, details: true })).toEqual({ page: "chats", room })
    expect(parentOf({ page: "chats", room })).toEqual({ page: "chats" })
    expect(parentOf({ page: "contacts" })).toBeUndefined()
  })
})
