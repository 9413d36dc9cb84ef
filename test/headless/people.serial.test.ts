/** What belongs to one person, on two devices and between two people: the real client on every side, a real house between. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, eventsOf, newDisk, openPerson, PASSWORD, type Person, textsOf } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-people-"))
  const limits = { commitIntervalMs: 20, commitBurst: 100, commitQuietMs: 10 }
  house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent", limits })
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

const arrive = () => {
  const one = openPerson(house.url, newDisk())
  people.push(one)
  return one
}
async function newcomer(name: string) {
  const one = arrive()
  await one.register(name)
  return Object.assign(one, { user: await userOf(one) })
}
async function userOf(one: Person): Promise<Id> {
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  if (session.state !== "signed_in") throw new Error("not signed in")
  return session.user
}
const chat = (
  one: Person,
  room: Id,
  holds: (habits: { pinned: boolean; level: string; markedUnread: boolean }) => boolean,
) =>
  one.until("roomList", undefined, ({ rooms }) =>
    rooms.some((each) => each.room === room && holds(each.habits)),
  )
const friend = (
  one: Person,
  user: Id,
  holds: (value: { name: string; picture?: string; tags: readonly string[] }) => boolean,
) =>
  one.until("contacts", undefined, ({ friends }) => friends.some((each) => each.user === user && holds(each)))
/** The smallest thing that begins like a JPEG. */
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3)

test("remark, tags, pin, mute, mark and hiding are the same on a second device", async () => {
  const [lan, bo] = [await newcomer("lan"), await newcomer("bo")]
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.must("setRemark", { user: bo.user, remark: "  老\u200b薄  " })
  await lan.must("setTags", { user: bo.user, tags: ["茶友", "茶友", " work "] })
  await lan.must("setHabits", { room, pinned: true, level: "none" })
  const desk = arrive()
  await desk.signIn("lan")
  await friend(desk, bo.user, ({ name, tags }) => name === "老薄" && tags.join() === "茶友,work")
  await chat(desk, room, ({ pinned, level }) => pinned && level === "none")

  // And back, while both are there; each of two changes of the same record stays.
  await desk.must("setHabits", { room, markedUnread: true })
  await chat(lan, room, (habits) => habits.markedUnread && habits.pinned)
  await desk.must("setRemark", { user: bo.user, remark: "" })
  await friend(lan, bo.user, ({ name, tags }) => name === "bo" && tags.length === 2)

  await lan.must("setHabits", { room, hidden: true })
  await desk.until("roomList", undefined, ({ rooms }) => rooms.every((each) => each.room !== room))
  await bo.say(room, "still there?")
  for (const one of [lan, desk])
    await one.until("roomList", undefined, ({ rooms }) => rooms.some((each) => each.room === room))
})

test("a friend sees picture, nickname and status line; what is no picture or too long is refused", async () => {
  const [lan, bo] = [await newcomer("lan"), await newcomer("bo")]
  await befriend(lan, "lan", bo, "bo")
  await lan.must("setPicture", { picture: jpeg })
  await lan.must("setSettings", { nickname: "兰\u202e姐", status: "喝茶" })
  const seen = await friend(bo, lan.user, ({ name, picture }) => name === "兰姐" && Boolean(picture))
  const { picture = "" } = seen.friends[0] ?? {}
  await bo.until("picture", { picture }, ({ url }) => url === "data:image/jpeg;base64,/9j/4AECAw")
  await bo.until("person", { user: lan.user }, (value) => value.state === "here" && value.status === "喝茶")

  const refused = async (answer: ReturnType<Person["command"]>) => {
    const result = await answer
    return result.ok ? "ok" : result.error.kind
  }
  const long = "茶".repeat(10_000)
  expect(await refused(lan.command("setSettings", { nickname: long }))).toBe("name_too_long")
  expect(await refused(lan.command("setSettings", { status: long }))).toBe("name_too_long")
  expect(await refused(lan.command("setRemark", { user: bo.user, remark: long }))).toBe("name_too_long")
  expect(await refused(lan.command("setTags", { user: bo.user, tags: [long] }))).toBe("name_too_long")
  const many = Array.from({ length: 21 }, (_, i) => `t${i}`)
  expect(await refused(lan.command("setTags", { user: bo.user, tags: many }))).toBe("too_many_tags")
  expect(await refused(lan.command("setPicture", { picture: Uint8Array.of(60, 115, 118, 103) }))).toBe(
    "bad_picture",
  )
  await lan.must("setPicture", { picture: null })
  await friend(bo, lan.user, (value) => value.name === "兰姐" && !value.picture)
})

test("whoever is blocked can neither write nor ask, and reads no newer profile; unblocked, they may ask", async () => {
  const [lan, bo, eve] = [await newcomer("lan"), await newcomer("bo"), await newcomer("eve")]
  const room = await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  await lan.must("block", { user: bo.user })
  await bo.timeline(room, (items) => eventsOf(items).includes("frozen"))
  const said = await bo.command("send", { room, text: "hello?" })
  expect(said).toMatchObject({ ok: false, error: { kind: "room_frozen" } })
  expect(await bo.command("requestFriend", { username: "lan", line: "" })).toMatchObject({
    error: { kind: "blocked" },
  })
  expect(await lan.command("requestFriend", { username: "bo", line: "" })).toMatchObject({
    error: { kind: "blocking" },
  })
  const desk = arrive()
  await desk.signIn("lan")
  await desk.until("contacts", undefined, ({ blocked }) => blocked.some((one) => one.user === bo.user))

  // Under the new key: a friend reads it, who was blocked does not.
  await lan.must("setSettings", { nickname: "new name" })
  await friend(eve, lan.user, ({ name }) => name === "new name")
  await bo.until("person", { user: lan.user }, (value) => value.state === "here" && value.name === "lan")

  await lan.must("unblock", { user: bo.user })
  await bo.must("requestFriend", { username: "lan", line: "sorry" })
  const { incoming } = await lan.until("contacts", undefined, (value) => value.incoming.length > 0)
  await lan.must("acceptRequest", { id: incoming[0]?.id as Id, remark: "forgiven" })
  await friend(lan, bo.user, ({ name }) => name === "forgiven")
  await bo.must("send", { room, text: "thank you" })
  await lan.timeline(room, (items) =>
    items.some((item) => item.type === "message" && item.text === "thank you"),
  )
})

test("what somebody blocked says in a common group is folded away: not in the list, not in the news", async () => {
  const [lan, bo, eve] = [await newcomer("lan"), await newcomer("bo"), await newcomer("eve")]
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  const { room } = await lan.must("createGroup", { name: "Tea", members: [bo.user, eve.user] })
  for (const one of [lan, bo, eve])
    await one.until("room", { room }, (value) => value.state === "here" && value.members.length === 3)
  await lan.must("block", { user: bo.user })
  const news: string[][] = []
  const stop = lan.client.subscribe("news", undefined, ({ items }) => {
    news.push(items.map((item) => item.text))
  })
  await lan.until("news", undefined, ({ items }) => items.length === 0)

  await eve.say(room, "who brews today?")
  await lan.reads(room, ["who brews today?"])
  await bo.say(room, "not her")
  await lan.reads(room, ["who brews today?", "not her"])
  const { items } = await lan.until("timeline", { room, around: "end", limit: 50 }, () => true)
  const folded = items.flatMap((item) => (item.type === "message" ? [item.blocked === true] : []))
  expect(folded).toEqual([false, true])
  const inList = (one: Person, text: string) =>
    one.until("roomList", undefined, ({ rooms }) =>
      rooms.some((each) => each.room === room && each.last?.text === text),
    )
  await inList(eve, "not her")
  const list = await inList(lan, "")
  const last = list.rooms.find((each) => each.room === room)?.last
  expect(last?.blocked).toBe(true)
  expect(last?.from).toBeUndefined()
  // Nobody has to read it, and nobody's answer says it again.
  const unreadIs = (count: number) =>
    lan.until("roomList", undefined, ({ rooms }) =>
      rooms.some((each) => each.room === room && each.unread === count),
    )
  await unreadIs(1)
  const said = items.findLast((item) => item.type === "message")?.seq ?? 0
  await eve.must("send", { room, text: "really?", reply: said })
  const answered = await lan.timeline(room, (all) => textsOf(all).includes("really?"))
  const answer = answered.items.findLast((item) => item.type === "message")
  expect(answer).toMatchObject({ reply: { seq: said, text: "", blocked: true } })
  // Nor what is pinned; everybody else reads it.
  await lan.must("pin", { room, seq: said, on: true })
  const pinned = (one: Person) => one.until("pins", { room }, (value) => value.items.length === 1)
  expect((await pinned(eve)).items).toMatchObject([{ text: "not her" }])
  expect((await pinned(lan)).items).toMatchObject([{ seq: said, text: "", blocked: true }])
  const lines = await lan.timeline(room, (all) => eventsOf(all).includes("pinned"))
  const event = lines.items.flatMap((item) => (item.type === "event" ? [item.event] : [])).at(-1)
  expect(event).toMatchObject({ kind: "pinned", text: "", blocked: true, of: said })
  await eve.say(room, "then I do")
  await expect
    .poll(() => news.at(-1), { timeout: 20_000 })
    .toEqual(["who brews today?", "really?", "then I do"])
  expect(news.flat()).not.toContain("not her")

  // Off the list again: everything is there as it was said.
  await unreadIs(3)
  await lan.must("unblock", { user: bo.user })
  await lan.timeline(room, (all) => all.every((item) => item.type !== "message" || !item.blocked))
  await expect
    .poll(() => news.at(-1), { timeout: 20_000 })
    .toEqual(["who brews today?", "not her", "really?", "then I do"])
  await unreadIs(4)
  await lan.until("pins", { room }, ({ items: [item] }) => item?.text === "not her")
  stop()
})

test("an account that is deleted is gone: its groups go on, friends see it, the name is taken, the device forgets", async () => {
  const [lan, bo, eve] = [await newcomer("lan"), await newcomer("bo"), await newcomer("eve")]
  const direct = await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  const { room } = await lan.must("createGroup", { name: "Tea", members: [bo.user, eve.user] })
  const ruledBy = (one: Person, user: Id, count: number) =>
    one.until("room", { room }, (value) =>
      value.state === "here"
        ? value.members.length === count &&
          value.members.some((each) => each.user === user && each.role === "owner")
        : false,
    )
  for (const one of [bo, eve]) await ruledBy(one, lan.user, 3)
  await lan.must("setAdmin", { room, user: eve.user, on: true })
  await lan.say(room, "farewell")
  await bo.timeline(room, (items) =>
    items.some((item) => item.type === "message" && item.text === "farewell"),
  )

  const wrong = await lan.command("deleteAccount", { password: "not this one at all" })
  expect(wrong).toMatchObject({ ok: false, error: { kind: "wrong_credentials" } })
  await lan.until("session", undefined, (value) => value.state === "signed_in")
  await lan.must("deleteAccount", { password: PASSWORD })
  const session = await lan.until("session", undefined, (value) => value.state === "signed_out")
  expect(session).not.toHaveProperty("username")

  for (const one of [bo, eve]) await ruledBy(one, eve.user, 2)
  await bo.until("contacts", undefined, ({ friends }) => friends.length === 0)
  await bo.until("room", { room: direct }, (value) => value.state === "here" && value.closed === "frozen")
  await bo.say(room, "we go on")
  await eve.timeline(room, (items) =>
    items.some((item) => item.type === "message" && item.text === "we go on"),
  )
  expect(await bo.command("requestFriend", { username: "lan", line: "" })).toMatchObject({
    error: { kind: "unknown_user" },
  })
  expect(await lan.command("signIn", { username: "lan", password: PASSWORD })).toMatchObject({
    error: { kind: "wrong_credentials" },
  })
  expect(await lan.command("createAccount", { username: "lan", password: PASSWORD })).toMatchObject({
    error: { kind: "username_taken" },
  })
})
