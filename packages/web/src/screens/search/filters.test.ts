import type { Id } from "@teahouse/protocol/ids.ts"
import { describe, expect, it } from "vitest"
import { dayStart, searchArgs } from "./filters.ts"

describe("what a search is limited to", () => {
  it("a day lasts from its first moment to the next day's, where the person is", () => {
    const { from, to } = searchArgs("tea", { from: "2026-02-28", to: "2026-02-28" }, 50)
    expect(new Date(from ?? 0)).toEqual(new Date(2026, 1, 28))
    expect(new Date(to ?? 0)).toEqual(new Date(2026, 2, 1))
  })
  it("an end without a beginning is a filter as well", () => {
    expect(searchArgs("", { to: "2026-01-01" }, 50)).toMatchObject({ from: 0, to: dayStart("2026-01-02") })
  })
  it("an unfinished date limits nothing", () => {
    expect(searchArgs(" 茶 ", { from: "2026-0", to: "" }, 50)).toEqual({ query: "茶", limit: 50 })
  })
  it("chat, sender and kind are passed on, and what is not chosen is left out", () => {
    const room = "AAAAAAAAAAAAAAAAAAAAAA" as Id
    expect(searchArgs("", { room, kind: "link", sender: undefined }, 50)).toEqual({
      query: "",
      limit: 50,
      room,
      kind: "link",
    })
  })
})
