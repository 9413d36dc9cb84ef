import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, it } from "vitest"
import { neighbour } from "./keyboard.tsx"

const rooms = [0, 2, 0, 1].map((unread, n) => ({ room: `r${n}` as unknown as Id, unread }))
const from = (n: number) => rooms[n]?.room

it("the chat above and below, the unread ones alone, and no way past the ends", () => {
  expect(neighbour(rooms, from(0), 1, false)).toBe("r1")
  expect(neighbour(rooms, from(1), 1, true)).toBe("r3")
  expect(neighbour(rooms, from(3), -1, true)).toBe("r1")
  expect(neighbour(rooms, from(3), 1, false)).toBeUndefined()
  expect(neighbour(rooms, undefined, 1, false)).toBe("r0")
  expect(neighbour(rooms, undefined, -1, true)).toBe("r3")
  expect(neighbour([], undefined, 1, false)).toBeUndefined()
})
