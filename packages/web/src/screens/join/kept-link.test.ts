import { expect, test } from "vitest"
import { linkIn } from "./kept-link.ts"

test("a join link is the fragment of /join, with or without an account's slot, and of nothing else", () => {
  expect(linkIn("/join", "#AbC_-1")).toBe("AbC_-1")
  expect(linkIn("/2/join", "#x")).toBe("x")
  for (const [path, hash] of [
    ["/join", ""],
    ["/join", "#"],
    ["/1/chats", "#x"],
    ["/joint", "#x"],
    ["/1/join/x", "#x"],
  ] as const)
    expect(linkIn(path, hash)).toBeUndefined()
  expect(linkIn("/join", `#${"a".repeat(10_000)}`)).toHaveLength(256)
})
