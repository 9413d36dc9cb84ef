import type { Leaf } from "@teahouse/judge/leaf.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { directPolicy, groupPolicy, type RoomPolicy, selfPolicy } from "@teahouse/protocol/policy.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { expect, test } from "vitest"
import { createReturning, type ReturningParts } from "./returning.ts"

const id = (n: number) => idFrom(new Uint8Array(16).fill(n))
const key = (n: number) => new Uint8Array(32).fill(n)
const [me, bo, eve] = [id(1), id(2), id(3)]
const leaf = (user = bo, uik = key(1), device = id(7)) => ({ user, uik, device }) as Leaf

/** Which devices went, in each room, where bo was decided to be key 2 instead of key 1. */
async function gone(rooms: { kind: RoomPolicy["kind"]; policy: RoomPolicy; leaves: Leaf[] }[]) {
  const out: Record<string, readonly string[]> = {}
  const actors = rooms.map(({ kind, policy, leaves }, n) => {
    let judged = { policy, leaves }
    return {
      room: id(20 + n),
      state: () => ({ meta: { kind, standing: "open" }, group: { judged } }),
      connected: () => true,
      refused: () => undefined,
      commit: async (_: unknown, { remove, add }: { remove: string[]; add: Uint8Array[] }) => {
        out[n] = remove
        const left = judged.leaves.filter((one) => !remove.includes(one.device))
        judged = { ...judged, leaves: [...left, ...add.map(() => leaf(bo, key(2), id(9)))] }
        return 1
      },
    }
  })
  const keyPackage = key(5)
  const parts = {
    people: {
      get: () => ({ former: [key(1)] }),
      pinned: () => key(2),
      learn: async () => {},
    },
    rooms: { all: () => actors, get: (room: string) => actors.find((one) => one.room === room) },
    me: { user: me, device: id(6), house: id(99) },
    call: async () => ok({ packages: [{ device: id(9), keyPackage }] }),
    crypto: {
      device: {
        checkKeyPackage: async () => ok({ leaf: { uik: key(2), username: "bo", n: 1, kind: "person" } }),
      },
    },
    clock: Date.now,
    pause: async () => {},
    timers: () => () => {},
    jitter: () => 0,
    onFailure: (error: unknown) => {
      throw error
    },
  } as unknown as ReturningParts
  await createReturning(parts).run()
  return out
}

test("the friend's room, and groups in which one may, get the new identity in place of all old devices", async () => {
  const own = leaf(me, key(8), id(6))
  const two = [own, leaf(bo, key(1), id(7)), leaf(bo, key(1), id(8))]
  const owned = groupPolicy(me)
  const of = (owner: typeof bo, admins: string[]) => ({ ...groupPolicy(owner), admins }) as RoomPolicy
  const all = [
    { kind: "direct" as const, policy: directPolicy(me, bo), leaves: two },
    { kind: "group" as const, policy: owned, leaves: two },
    { kind: "group" as const, policy: of(eve, [me]), leaves: two },
    // Not by a plain member, not of an admin by an admin, nor of the owner.
    { kind: "group" as const, policy: of(eve, []), leaves: two },
    { kind: "group" as const, policy: of(eve, [me, bo]), leaves: two },
    { kind: "group" as const, policy: of(bo, [me]), leaves: two },
    { kind: "self" as const, policy: selfPolicy(me), leaves: [own] },
  ]
  const went = [id(7), id(8)]
  expect(await gone(all)).toEqual({ 0: went, 1: went, 2: went })
})

test("an identity that this person has not left behind stays, whoever decided for it", async () => {
  const other = [leaf(me, key(8), id(6)), leaf(bo, key(3))]
  const here = [leaf(me, key(8), id(6)), leaf(bo, key(2))]
  expect(
    await gone([
      { kind: "group", policy: groupPolicy(me), leaves: other },
      { kind: "direct", policy: directPolicy(me, bo), leaves: here },
    ]),
  ).toEqual({})
})
