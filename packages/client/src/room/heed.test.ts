import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { objectionTo } from "./heed.ts"
import type { RoomState } from "./state.ts"

const key = (fill: number) => new Uint8Array(32).fill(fill)
const state = (kind: "direct" | "group") =>
  ({
    meta: { kind, peer: "b" },
    group: {
      judged: {
        leaves: [
          { user: "a", uik: key(1) },
          { user: "b", uik: key(2) },
        ],
      },
    },
  }) as unknown as RoomState

const people = (
  pinned: Record<string, Uint8Array>,
  former: Record<string, Uint8Array> = {},
  offered: readonly string[] = [],
) => ({
  pinned: (user: Id) => pinned[user],
  offered: (user: Id) => (offered.includes(user) ? { uik: key(7), username: "b" } : undefined),
  isFormer: (user: Id, uik: Uint8Array) => former[user]?.[0] === uik[0],
})

test("a pinned person's changed key blocks sending in a private room, and only there", () => {
  expect(objectionTo(state("direct"), people({ a: key(1), b: key(2) }))).toBeUndefined()
  expect(objectionTo(state("direct"), people({}))).toBeUndefined()
  expect(objectionTo(state("direct"), people({ b: key(9) }))).toEqual({ kind: "identity_changed" })
  expect(objectionTo(state("group"), people({ b: key(9) }))).toBeUndefined()
})

test("after the decision for another key sending waits for as long as the one left behind is in the room", () => {
  const decided = [{ b: key(9) }, { b: key(2) }] as const
  expect(objectionTo(state("direct"), people(...decided))).toBe("waits")
  // And by now the house has them under a third one.
  expect(objectionTo(state("direct"), people(...decided, ["b"]))).toEqual({ kind: "identity_changed" })
  expect(objectionTo(state("direct"), people({ ...decided[0], a: key(8) }, decided[1]))).toEqual({
    kind: "identity_changed",
  })
  expect(objectionTo(state("direct"), people({ b: key(2) }, { b: key(9) }))).toBeUndefined()
})
