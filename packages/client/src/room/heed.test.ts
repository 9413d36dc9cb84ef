import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { objectionTo } from "./heed.ts"
import type { RoomState } from "./state.ts"

const key = (fill: number) => new Uint8Array(32).fill(fill)
const state = (kind: "direct" | "group") =>
  ({
    meta: { kind },
    group: {
      judged: {
        leaves: [
          { user: "a", uik: key(1) },
          { user: "b", uik: key(2) },
        ],
      },
    },
  }) as never

test("a pinned person's changed key blocks sending in a private room, and only there", () => {
  const pins = (pinned: Record<string, Uint8Array>) => (user: Id) => pinned[user]
  expect(objectionTo(state("direct") as RoomState, pins({ a: key(1), b: key(2) }))).toBeUndefined()
  expect(objectionTo(state("direct") as RoomState, pins({}))).toBeUndefined()
  expect(objectionTo(state("direct") as RoomState, pins({ b: key(9) }))).toEqual({ kind: "identity_changed" })
  expect(objectionTo(state("group") as RoomState, pins({ b: key(9) }))).toBeUndefined()
})
