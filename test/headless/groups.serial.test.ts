/** Groups as people make and change them, with the real client on every side and a real house between. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, eventsOf, newDisk, openPerson, type Person, textsOf } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-groups-"))
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

type Member = Person & { readonly user: Id }

async function newcomer(name: string): Promise<Member> {
  const one = openPerson(house.url, newDisk())
  people.push(one)
  await one.register(name)
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  if (session.state !== "signed_in") throw new Error("not signed in")
  return Object.assign(one, { user: session.user })
}

const inRoom = (one: Person, room: Id, title: string, count: number) =>
  one.until(
    "room",
    { room },
    (value) => value.state === "here" && value.title === title && value.members.length === count,
  )
const closed = (one: Person, room: Id) =>
  one.until("room", { room }, (value) => value.state === "here" && value.closed === "removed")
const roleOf = (one: Person, room: Id, user: Id, role: string) =>
  one.until("room", { room }, (value) =>
    value.state === "here" ? value.members.some((each) => each.user === user && each.role === role) : false,
  )
const kindOf = async (answer: ReturnType<Person["command"]>) => {
  const result = await answer
  return result.ok ? "ok" : result.error.kind
}

/** lan's group with bo and eve, who know only her. */
async function teaGroup() {
  const [lan, bo, eve] = [await newcomer("lan"), await newcomer("bo"), await newcomer("eve")]
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  const { room } = await lan.must("createGroup", { name: "Tea 茶", members: [bo.user, eve.user] })
  for (const one of [lan, bo, eve]) await inRoom(one, room, "Tea 茶", 3)
  return { lan, bo, eve, room }
}

test("a group is made, has its name for all, and everybody reads everybody", async () => {
  const { lan, bo, eve, room } = await teaGroup()
  await lan.say(room, "one")
  await bo.timeline(room, (all) => textsOf(all).includes("one"))
  await bo.say(room, "two")
  await eve.timeline(room, (all) => textsOf(all).includes("two"))
  await eve.say(room, "three")
  for (const one of [lan, bo, eve]) await one.reads(room, ["one", "two", "three"])
  const list = await lan.until("roomList", undefined, ({ rooms }) =>
    rooms.some((each) => each.room === room && each.last?.text === "three"),
  )
  expect(list.rooms.find((each) => each.room === room)).toMatchObject({
    kind: "group",
    title: "Tea 茶",
    last: { from: "eve" },
  })
  const said = await bo.timeline(room, (all) => eventsOf(all).includes("created"))
  expect(eventsOf(said.items).filter((kind) => kind === "created" || kind === "renamed")).toEqual(["created"])
  await roleOf(bo, room, lan.user, "owner")
  await roleOf(bo, room, eve.user, "member")
})

test("a fourth comes with the name and without the past; who is removed reads nothing later", async () => {
  const { lan, bo, eve, room } = await teaGroup()
  await lan.say(room, "before")
  for (const one of [bo, eve]) await one.timeline(room, (all) => textsOf(all).includes("before"))
  const ming = await newcomer("ming")
  await befriend(bo, "bo", ming, "ming")
  // Everybody may invite; bo is a plain member.
  await bo.must("inviteToGroup", { room, users: [ming.user] })
  for (const one of [lan, bo, eve, ming]) await inRoom(one, room, "Tea 茶", 4)
  await ming.say(room, "hello all")
  await ming.reads(room, ["hello all"])
  for (const one of [lan, bo, eve]) await one.reads(room, ["before", "hello all"])

  expect(await kindOf(bo.command("removeFromGroup", { room, user: eve.user }))).toBe("not_allowed")
  await lan.must("removeFromGroup", { room, user: eve.user })
  await closed(eve, room)
  await lan.say(room, "without eve")
  for (const one of [bo, ming]) await one.timeline(room, (all) => textsOf(all).includes("without eve"))
  expect(await kindOf(eve.command("send", { room, text: "let me in" }))).toBe("not_a_member")
  await eve.reads(room, ["before", "hello all"])
})

test("leaving, renaming, an announcement, roles, and each refusal with its reason", async () => {
  const { lan, bo, eve, room } = await teaGroup()
  expect(await kindOf(bo.command("renameGroup", { room, name: "Bo's" }))).toBe("not_allowed")
  expect(await kindOf(lan.command("renameGroup", { room, name: " \u202e\u200b " }))).toBe("bad_group_name")
  expect(await kindOf(lan.command("renameGroup", { room, name: "茶".repeat(10_000) }))).toBe("bad_group_name")
  expect(await kindOf(lan.command("createGroup", { name: "", members: [] }))).toBe("bad_group_name")
  await lan.must("renameGroup", { room, name: "Green\u202e tea" })
  for (const one of [lan, bo, eve]) await inRoom(one, room, "Green tea", 3)
  await lan.must("setAdmin", { room, user: bo.user, on: true })
  for (const one of [lan, bo, eve]) await roleOf(one, room, bo.user, "admin")
  await bo.must("setAnnouncement", { room, text: "Friday at three" })
  await eve.until(
    "room",
    { room },
    (value) => value.state === "here" && value.announcement === "Friday at three",
  )
  expect(await kindOf(bo.command("handOver", { room, user: bo.user }))).toBe("not_allowed")
  expect(await kindOf(lan.command("leaveGroup", { room }))).toBe("owner_leaves")
  await lan.must("handOver", { room, user: bo.user })
  for (const one of [lan, bo, eve]) await roleOf(one, room, bo.user, "owner")
  await roleOf(eve, room, lan.user, "admin")
  await lan.must("leaveGroup", { room })
  await closed(lan, room)
  for (const one of [bo, eve]) await inRoom(one, room, "Green tea", 2)
  await bo.say(room, "lan has left")
  await eve.timeline(room, (all) => textsOf(all).includes("lan has left"))
  expect(textsOf((await lan.timeline(room, () => true)).items)).toEqual([])
})

test("two admins at once: both changes are there in the end, for everybody", async () => {
  const { lan, bo, eve, room } = await teaGroup()
  const [ming, wei] = [await newcomer("ming"), await newcomer("wei")]
  await befriend(lan, "lan", ming, "ming")
  await befriend(bo, "bo", wei, "wei")
  await lan.must("setAdmin", { room, user: bo.user, on: true })
  await roleOf(bo, room, bo.user, "admin")
  await Promise.all([
    lan.must("inviteToGroup", { room, users: [ming.user] }),
    bo.must("inviteToGroup", { room, users: [wei.user] }),
  ])
  for (const one of [lan, bo, eve, ming, wei]) await inRoom(one, room, "Tea 茶", 5)
  const both = await Promise.all([
    kindOf(lan.command("removeFromGroup", { room, user: eve.user })),
    kindOf(bo.command("removeFromGroup", { room, user: eve.user })),
  ])
  expect(both).toEqual(["ok", "ok"])
  await closed(eve, room)
  await wei.say(room, "all here")
  for (const one of [lan, bo, ming, wei]) {
    await inRoom(one, room, "Tea 茶", 4)
    await one.timeline(room, (all) => textsOf(all).join() === "all here")
  }
})

test("a device that is there is added with its person, one that comes later finds the name; an answer that is lost makes no second group", async () => {
  const [lan, bo] = [await newcomer("lan"), await newcomer("bo")]
  await befriend(lan, "lan", bo, "bo")
  const second = openPerson(house.url)
  people.push(second)
  await second.signIn("bo")
  await second.chatWith("lan")

  const lossy: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    if (!losing || init?.method !== "POST" || !String(input).endsWith("/rooms")) return answer
    losing = false
    throw new TypeError("the answer is lost")
  }
  let losing = false
  const ming = openPerson(house.url, newDisk(), { fetch: lossy })
  people.push(ming)
  await ming.register("ming")
  await befriend(ming, "ming", bo, "bo")
  const { friends } = await ming.until("contacts", undefined, (value) => value.friends.length === 1)
  const group = { name: "Late", members: friends.map(({ user }) => user) }
  losing = true
  expect(await kindOf(ming.command("createGroup", group))).toBe("offline")
  const { room } = await ming.must("createGroup", group)
  for (const one of [ming, bo, second]) {
    await inRoom(one, room, "Late", 2)
    const { rooms } = await one.until("roomList", undefined, (value) => value.rooms.length > 0)
    expect(rooms.filter((each) => each.kind === "group")).toHaveLength(1)
  }
  await second.say(room, "from my other device")
  await ming.timeline(room, (all) => textsOf(all).includes("from my other device"))

  const third = openPerson(house.url)
  people.push(third)
  await third.signIn("ming")
  await inRoom(third, room, "Late", 2)
  await bo.say(room, "all of you")
  for (const one of [ming, second, third])
    await one.timeline(room, (all) => textsOf(all).includes("all of you"))
})
