import { newId } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import type { CardMessage } from "../content/message.ts"
import { cleanName } from "../content/name.ts"
import { takeCard } from "./card.ts"
import type { RoomMeta } from "./records.ts"

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const group = { room: newId(random), kind: "group" } as RoomMeta
const named: RoomMeta = { ...group, card: { name: "Tea", announcement: "", seq: 5 } }
const card = (more: Partial<CardMessage> = {}): CardMessage => ({
  v: 1,
  kind: "card",
  seen: { seq: 1, hash: new Uint8Array(32) },
  name: "Coffee",
  announcement: "",
  ...more,
})

test("owner and admins change the card; a plain member does not", () => {
  expect(takeCard(named, card(), "owner", false, 9)).toEqual({
    ...{ name: "Coffee", announcement: "", announced: 9, seq: 9 },
  })
  expect(takeCard(named, card(), "admin", false, 9)?.seq).toBe(9)
  expect(takeCard(named, card(), "member", false, 9)).toBeUndefined()
  expect(takeCard({ ...named, kind: "direct" }, card(), "owner", false, 9)).toBeUndefined()
})

test("a repetition tells a newcomer, undoes nothing, and is not from the future", () => {
  expect(takeCard(group, card({ of: 5 }), "member", false, 9)?.seq).toBe(5)
  expect(takeCard(named, card({ of: 4 }), "owner", false, 9)).toBeUndefined()
  expect(takeCard(named, card({ of: 5 }), "owner", false, 9)).toBeUndefined()
  expect(takeCard(named, card({ of: 7 }), "admin", false, 9)?.seq).toBe(7)
  expect(takeCard(named, card({ of: 7 }), "member", false, 9)).toBeUndefined()
  expect(takeCard(named, card({ of: 7 }), "member", true, 9)?.seq).toBe(7)
  expect(takeCard(group, card({ of: 9 }), "owner", false, 9)).toBeUndefined()
})

test("of a change only the part that it says is taken: another admin may have changed the rest", () => {
  const picture = Uint8Array.of(0xff, 0xd8, 0xff)
  const links = [{ id: newId(random), secret: random(16) }]
  const rich: RoomMeta = {
    ...named,
    card: { name: "Tea", announcement: "Friday", announced: 3, picture, links, seq: 5 },
  }
  const take = (more: Partial<CardMessage>) => takeCard(rich, card(more), "admin", false, 9)
  expect(take({ what: "name" })).toEqual({ ...rich.card, name: "Coffee", seq: 9 })
  expect(take({ what: "announcement", announcement: "Monday" })).toEqual({
    ...{ ...rich.card, announcement: "Monday", announced: 9, seq: 9 },
  })
  expect(take({ what: "picture" })).toEqual({
    name: "Tea",
    announcement: "Friday",
    announced: 3,
    links,
    seq: 9,
  })
  const more = [{ id: newId(random), secret: random(16) }]
  expect(take({ what: "links", links: more })).toEqual({ ...rich.card, links: [...links, ...more], seq: 9 })
})

test("a name has nothing in it that cannot be seen", () => {
  expect(cleanName(" Tea\u202e\u200b\n house ")).toBe("Tea house")
  expect(cleanName("👨‍👩‍👧")).toBe("👨‍👩‍👧")
  expect(cleanName("\u202e\u2066")).toBe("")
})
