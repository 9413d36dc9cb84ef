import { newId } from "@teahouse/protocol/ids.ts"
import type { RoomIncarnation } from "@teahouse/protocol/incarnation.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { describe, expect, it } from "vitest"
import { isOlder } from "./behind.ts"
import { followingLife } from "./following.ts"
import { isLost, isOfNow, lifeAt, lifeOf } from "./life.ts"
import { livesFor } from "./lives-for.ts"
import type { RoomParts } from "./parts.ts"

const bytes = (fill: number) => new Uint8Array(32).fill(fill)
const room = newId((length) => new Uint8Array(length).fill(7))
const said = (incarnation: number, previous: number, seq: number): RoomIncarnation => ({
  ...{ incarnation, previous, seq, hash: bytes(seq), time: 1 },
  signature: new Uint8Array(64),
})
/** `forged`: a statement that the house has not signed. */
const house = (incarnations: readonly RoomIncarnation[], forged?: RoomIncarnation) =>
  ({
    call: async () => ok({ incarnations }),
    verifyLife: async (_: unknown, one: RoomIncarnation) => one !== forged,
  }) as unknown as Pick<RoomParts, "call" | "verifyLife">
const at = (seq: number, more: object = {}) => ({ room, incarnation: 1, seq, hash: bytes(seq), ...more })
const [first, second] = [said(50, 1, 20), said(90, 50, 30)]

const [fifty, ninety] = [
  { incarnation: 50, kept: 20 },
  { incarnation: 90, kept: 30, earlier: [{ incarnation: 50, kept: 20 }] },
]
/** By a device whose own chain has the hash that its place has in every test. */
const follows = (
  parts: ReturnType<typeof house>,
  meta: ReturnType<typeof at>,
  wanted: number,
  hashAt = (seq: number): Uint8Array | undefined => bytes(seq),
) => followingLife(parts, meta, wanted, async (seq) => hashAt(seq))

describe("the life that follows", () => {
  it("is followed by who has no more than was kept, through several at once", async () => {
    expect(await follows(house([first]), at(20), 50)).toEqual(ok({ life: fifty, after: 20 }))
    expect(await follows(house([first]), at(3), 50)).toEqual(ok({ life: fifty, after: 20 }))
    expect(await follows(house([first, second]), at(20), 90)).toEqual(ok({ life: ninety, after: 20 }))
    const later = at(25, { life: fifty })
    expect(await follows(house([first, second]), later, 90)).toEqual(ok({ life: ninety, after: 30 }))
  })

  it("begins where both agree, for who has more than was kept", async () => {
    const back = { seq: 20, hash: bytes(20) }
    expect(await follows(house([first]), at(21), 50)).toEqual(ok({ life: fifty, after: 20, back }))
    // What was lost in the first of two is lost, wherever the second one begins.
    expect(await follows(house([first, second]), at(25), 90)).toEqual(ok({ life: ninety, after: 20, back }))
    // Of a part that this device has never had the house's word counts.
    expect(await follows(house([first]), at(21), 50, () => undefined)).toEqual(
      ok({ life: fifty, after: 20, back }),
    )
    // A backup of the first life, restored once more: this device has seen another second one.
    const other = at(25, { life: fifty })
    expect(await follows(house([said(90, 1, 20)]), other, 90)).toEqual(
      ok({ life: { incarnation: 90, kept: 20 }, after: 20, back }),
    )
    // Or a newer backup of the first life: both lives have its beginning, and no more of this one's.
    expect(await follows(house([said(90, 1, 23)]), other, 90)).toEqual(
      ok({ life: { incarnation: 90, kept: 23 }, after: 20, back }),
    )
  })

  it("is not followed by who has something else at that place", async () => {
    expect(await follows(house([first]), at(20, { hash: bytes(9) }), 50)).toEqual(err("forked"))
    expect(await follows(house([first]), at(21), 50, () => bytes(9))).toEqual(err("forked"))
  })

  it("is nothing that the house has not signed, and nothing that does not continue the one before", async () => {
    const none = err("forged")
    expect(await follows(house([]), at(20), 50)).toEqual(none)
    expect(await follows(house([first], first), at(20), 50)).toEqual(none)
    expect(await follows(house([first, second], second), at(20), 90)).toEqual(none)
    expect(await follows(house([first]), at(20), 51)).toEqual(none)
    expect(await follows(house([first, said(90, 1, 30)]), at(20), 90)).toEqual(none)
    expect(await follows(house([first, said(90, 50, 10)]), at(5), 90)).toEqual(none)
    expect(await follows(house([first], first), at(21), 50)).toEqual(none)
  })

  it("is asked for again where the house does not answer", async () => {
    const away = { ...house([]), call: async () => err({ kind: "offline" }) } as never
    expect(await follows(away, at(20), 50)).toEqual(err({ kind: "offline" }))
  })

  it("makes void what was seen in a part that is lost, and nothing else", () => {
    const seen = (incarnation: number, seq: number, life?: number) => ({ incarnation, seq, life })
    expect(isLost(seen(1, 21), fifty)).toBe(true)
    expect(isLost(seen(1, 20), fifty)).toBe(false)
    expect(isLost(seen(1, 21, 50), fifty)).toBe(false)
    expect(isLost(seen(1, 21, 50), { incarnation: 90, kept: 20 })).toBe(true)
    expect(isLost(seen(1, 21), undefined)).toBe(false)
  })
})

describe("entries", () => {
  it("are of the newest life, and of older ones only as far as was kept", () => {
    const old = at(5)
    expect([lifeOf(old), isOfNow(old, 1), isOfNow(old, 2), isOfNow(old, 0)]).toEqual([1, true, false, false])
    const behind = at(5, { life: { incarnation: 50, kept: 20 } })
    expect(lifeOf(behind)).toBe(50)
    expect([1, 30, 50, 51, 0].map((life) => isOfNow(behind, life))).toEqual([true, true, true, false, false])
    const here = at(20, { life: { incarnation: 50, kept: 20 } })
    expect([1, 50].map((life) => isOfNow(here, life))).toEqual([false, true])
  })
})

describe("a position", () => {
  it("was written in the last life that began before it", () => {
    const room = { incarnation: 1, life: ninety }
    expect([1, 20, 21, 30, 31].map((seq) => lifeAt(room, seq))).toEqual([1, 1, 50, 50, 90])
    // The second life had begun after the third one's place: nothing of it is left.
    const back = {
      incarnation: 1,
      life: { incarnation: 90, kept: 10, earlier: [{ incarnation: 50, kept: 20 }] },
    }
    expect([10, 11, 25].map((seq) => lifeAt(back, seq))).toEqual([1, 90, 90])
    expect(lifeAt({ incarnation: 1 }, 99)).toBe(1)
  })
})

describe("who comes in", () => {
  it("notes in which life the room began, and in which it is", async () => {
    const both = house([first, second])
    expect(await livesFor(both, room, 1)).toEqual(ok({ incarnation: 1 }))
    expect(await livesFor(both, room, 50)).toEqual(
      ok({ incarnation: 1, life: { incarnation: 50, kept: 20 } }),
    )
    expect(await livesFor(both, room, 90)).toEqual(ok({ incarnation: 1, life: ninety }))
    // A room of the second life knows of no first one.
    expect(await livesFor(house([]), room, 50)).toEqual(ok({ incarnation: 50 }))
    expect(await livesFor(house([second]), room, 50)).toEqual(ok({ incarnation: 50 }))
    expect(await livesFor(house([first], first), room, 50)).toEqual(err("forged"))
  })

  it("takes an epoch of the life before for as new as it is", () => {
    const place = (incarnation: number, epoch: number) => ({ incarnation, generation: 0, epoch })
    const seen = { ...place(1, 5), life: 50 }
    expect([place(1, 5), place(1, 4), place(50, 4)].map((one) => isOlder(one, seen))).toEqual([
      false,
      true,
      true,
    ])
    expect([place(0, 6), place(1, 4), place(50, 4)].map((one) => isOlder(one, place(1, 5)))).toEqual([
      ...[true, true, false],
    ])
  })
})
