import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import type { Content } from "../content/message.ts"
import { nicksAgain, takeNick } from "./nicks.ts"
import type { RoomMeta } from "./records.ts"

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const [lan, bo, eve] = [newId(random), newId(random), newId(random)] as [Id, Id, Id]
const hash = new Uint8Array(32)
const seen = { seq: 1, hash }
const meta = {
  room: newId(random),
  kind: "group",
  users: [lan, bo, eve],
  joined: { seq: 10, hash },
} as unknown as RoomMeta
const nick = (name: string): Content => ({ v: 1, kind: "nick", seen, name })
const nicks = (names: { user: Id; name: string; seq: number }[]): Content => ({
  v: 1,
  kind: "nicks",
  seen,
  names,
})

test("one's own word counts, cleaned; an empty one takes it back", () => {
  const said = takeNick(meta, nick(" B\u202eo\u200b "), bo, 12)
  expect(said.nicks).toEqual({ [bo]: { name: "Bo", seq: 12 } })
  expect(takeNick(said, nick(""), bo, 13).nicks?.[bo]?.name).toBe("")
  expect(takeNick({ ...meta, kind: "direct" }, nick("Bo"), bo, 12).nicks).toBeUndefined()
})

test("what others tell fills in the time before one came, and nothing that was heard first-hand", () => {
  const heard = takeNick(meta, nick("Bo"), bo, 12)
  const told = nicks([
    { user: bo, name: "Liar", seq: 9 },
    { user: lan, name: "L\u200ban", seq: 4 },
    { user: eve, name: "Later", seq: 11 },
  ])
  const after = takeNick(heard, told, lan, 14)
  expect(after.nicks).toEqual({ [bo]: { name: "Bo", seq: 12 }, [lan]: { name: "Lan", seq: 4 } })
  expect(takeNick(after, told, lan, 15)).toBe(after)
})

test("newcomers are told of those who are there and have a name", () => {
  expect(nicksAgain(meta)).toBeUndefined()
  const gone = newId(random)
  const all = { [bo]: { name: "Bo", seq: 3 }, [eve]: { name: "", seq: 4 }, [gone]: { name: "Gone", seq: 5 } }
  expect(nicksAgain({ ...meta, nicks: all })).toEqual({
    kind: "nicks",
    names: [{ user: bo, name: "Bo", seq: 3 }],
  })
})
