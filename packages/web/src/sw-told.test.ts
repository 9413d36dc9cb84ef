import { describe, expect, it } from "vitest"
import { pageFor, safePath } from "./sw-told.ts"

const page = (path: string, focused = false, visible = false) => ({
  url: `https://tea.example${path}`,
  focused,
  visibilityState: visible ? ("visible" as const) : ("hidden" as const),
})

describe("a click on a notification", () => {
  it("goes to a page of the same account: the one with the focus, else one that is seen, else any", () => {
    const [hidden, seen, other] = [
      page("/1/chats"),
      page("/1/settings", false, true),
      page("/2/", true, true),
    ]
    expect(pageFor([hidden, seen, other], "/1/chats/x")).toBe(seen)
    expect(pageFor([hidden, page("/1/contacts", true, true)], "/1/chats/x")?.focused).toBe(true)
    expect(pageFor([hidden], "/1/chats/x")).toBe(hidden)
    expect(pageFor([other], "/1/chats/x")).toBeUndefined()
  })
  it("leads nowhere but into this application", () => {
    expect(safePath("/1/chats/AAAA_-")).toBe("/1/chats/AAAA_-")
    for (const path of [
      "https://evil.example/",
      "//evil.example",
      "/api/house",
      "/1/../../x",
      "/1/?a=b",
      7,
      null,
    ])
      expect(safePath(path)).toBe("/")
  })
})
