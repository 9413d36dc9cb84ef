/** Joining a group by a link, with the real client on every side and a real house between. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, type Disk, newDisk, openPerson, type Person, textsOf } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-links-"))
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

type Member = Person & { readonly user: Id; readonly disk: Disk }

async function newcomer(name: string): Promise<Member> {
  const disk = newDisk()
  const one = openPerson(house.url, disk)
  people.push(one)
  await one.register(name)
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  if (session.state !== "signed_in") throw new Error("not signed in")
  return Object.assign(one, { user: session.user, disk })
}
const kindOf = async (answer: ReturnType<Person["command"]>) => {
  const result = await answer
  return result.ok ? "ok" : result.error.kind
}
type Here = Extract<ViewValue<"room">, { state: "here" }>
async function here(one: Person, room: Id, holds: (value: Here) => boolean): Promise<Here> {
  const value = await one.until("room", { room }, (each) => each.state === "here" && holds(each as Here))
  return value as Here
}
const picture = Uint8Array.from([0xff, 0xd8, 0xff, ...Array(200).keys()])

/** lan's group with bo, picture, announcement and nicknames. */
async function teaGroup() {
  const [lan, bo] = [await newcomer("lan"), await newcomer("bo")]
  await befriend(lan, "lan", bo, "bo")
  const { room } = await lan.must("createGroup", { name: "Tea 茶", members: [bo.user] })
  for (const one of [lan, bo])
    await here(one, room, ({ title, members }) => title === "Tea 茶" && members.length === 2)
  return { lan, bo, room }
}

test("a stranger sees the group, joins, and has name, picture, announcement, nicknames and the link at once", async () => {
  const { lan, bo, room } = await teaGroup()
  await lan.must("setGroupPicture", { room, picture })
  await lan.must("setAnnouncement", { room, text: "Friday at three" })
  await bo.must("setGroupNick", { room, name: "Bo\u202e the brewer" })
  await here(lan, room, (value) => value.members.some(({ name }) => name === "Bo the brewer"))
  const { link } = await lan.must("createLink", { room, days: 7, approval: false })
  await here(bo, room, ({ links }) => links.some((one) => one.link === link))

  const eve = await newcomer("eve")
  const look = await eve.must("lookAtLink", { link: `https://house.example/join#${link}` })
  expect(look).toMatchObject({
    room,
    name: "Tea 茶",
    inviter: "lan",
    members: 2,
    approval: false,
    member: false,
  })
  expect(look.picture).toMatch(/^data:image\/jpeg;base64,/)
  await eve.must("askToJoin", { link })
  const seen = await here(
    eve,
    room,
    (value) =>
      value.title === "Tea 茶" &&
      value.members.length === 3 &&
      value.announcement !== "" &&
      value.members.some(({ name }) => name === "Bo the brewer"),
  )
  expect(seen).toMatchObject({ announcement: "Friday at three", announcementNew: true, role: "member" })
  expect(seen.links.map((one) => one.link)).toEqual([link])
  expect((await eve.must("groupPicture", { room })).picture).toBe(look.picture)
  await eve.until("joining", undefined, ({ rooms }) => rooms.length === 0)
  await eve.say(room, "hello")
  for (const one of [lan, bo]) await one.timeline(room, (all) => textsOf(all).includes("hello"))
  expect((await lan.must("lookAtLink", { link })).member).toBe(true)
  await eve.must("seeAnnouncement", { room })
  await here(eve, room, ({ announcementNew }) => !announcementNew)
})

test("while nobody is online one waits; whoever comes first lets in, be they a plain member", async () => {
  const { lan, bo, room } = await teaGroup()
  await lan.must("setInviteRule", { room, invite: "admins" })
  await here(bo, room, ({ mayInvite }) => !mayInvite)
  const { link } = await lan.must("createLink", { room, days: 7, approval: false })
  await here(bo, room, ({ links }) => links.length === 1)
  await Promise.all([lan, bo].map((one) => one.client.stop()))
  const eve = await newcomer("eve")
  await eve.must("askToJoin", { link })
  const waiting = await eve.until("joining", undefined, ({ rooms }) => rooms.length === 1)
  expect(waiting.rooms[0]).toMatchObject({ room, name: "Tea 茶", approval: false })
  expect((await eve.must("lookAtLink", { link })).asked).toBe("waiting")
  people = [...people, openPerson(house.url, bo.disk)]
  await here(eve, room, ({ title, members }) => title === "Tea 茶" && members.length === 3)
})

test("with approval an admin answers: accepted is in, declined is told so, and plain members are not asked", async () => {
  const { lan, bo, room } = await teaGroup()
  const { link } = await lan.must("createLink", { room, days: 1, approval: true })
  const [eve, ming] = [await newcomer("eve"), await newcomer("ming")]
  for (const one of [eve, ming]) await one.must("askToJoin", { link })
  const { requests } = await lan.until("joinRequests", { room }, (value) => value.requests.length === 2)
  const of = (name: string) => requests.find(({ person }) => person.username === name)?.id as Id
  const bos = await bo.until("joinRequests", { room }, () => true)
  expect(bos.requests).toEqual([])
  expect(await kindOf(bo.command("answerJoin", { request: of("eve"), accept: true }))).toBe("unknown_join")
  await lan.must("answerJoin", { request: of("eve"), accept: true })
  await here(eve, room, ({ members }) => members.length === 3)
  await lan.must("answerJoin", { request: of("ming"), accept: false })
  await ming.until("joining", undefined, ({ rooms }) => rooms[0]?.problem === "join_declined")
  await lan.until("joinRequests", { room }, (value) => value.requests.length === 0)
  expect(await kindOf(ming.command("askToJoin", { link }))).toBe("join_declined")

  // Taken back before anybody answered: the admin is not asked any more.
  const kai = await newcomer("kai")
  await kai.must("askToJoin", { link })
  await lan.until("joinRequests", { room }, (value) => value.requests.length === 1)
  await kai.must("forgetJoining", { room })
  await lan.until("joinRequests", { room }, (value) => value.requests.length === 0)
  await kai.until("joining", undefined, ({ rooms }) => rooms.length === 0)
  expect((await kai.must("lookAtLink", { link })).asked).toBeUndefined()
})

test("whoever has left comes back by the link", async () => {
  const { lan, bo, room } = await teaGroup()
  const { link } = await lan.must("createLink", { room, days: 7, approval: false })
  await bo.must("leaveGroup", { room })
  await here(lan, room, ({ members }) => members.length === 1)
  await expect
    .poll(async () => (await bo.must("lookAtLink", { link })).member, { timeout: 20_000 })
    .toBe(false)
  await bo.must("askToJoin", { link })
  await here(bo, room, ({ closed, members }) => closed === undefined && members.length === 2)
})

test("a link that was revoked, cut or is of another room lets nobody in; removing somebody revokes all and bans", async () => {
  const { lan, bo, room } = await teaGroup()
  const { link } = await lan.must("createLink", { room, days: 7, approval: false })
  const eve = await newcomer("eve")
  expect(await kindOf(eve.command("lookAtLink", { link: link.slice(0, -2) }))).toBe("unknown_link")
  const mixed = link.slice(0, 10) + (link[10] === "A" ? "B" : "A") + link.slice(11)
  expect(await kindOf(eve.command("askToJoin", { link: mixed }))).toBe("unknown_link")
  expect(await kindOf(bo.command("createLink", { room, days: 7, approval: false }))).toBe("not_allowed")
  const [first] = (await here(bo, room, ({ links }) => links.length === 1)).links
  expect(await kindOf(bo.command("revokeLink", { room, link: first?.id as Id }))).toBe("not_allowed")
  await lan.must("revokeLink", { room, link: first?.id as Id })
  expect(await kindOf(eve.command("lookAtLink", { link }))).toBe("link_revoked")
  expect(await kindOf(eve.command("askToJoin", { link }))).toBe("link_revoked")

  const second = await lan.must("createLink", { room, days: 7, approval: false })
  await eve.must("askToJoin", { link: second.link })
  // Either of them may have let her in: who does not see her yet has nobody to remove.
  for (const one of [eve, lan]) await here(one, room, ({ members }) => members.length === 3)
  await lan.must("removeFromGroup", { room, user: eve.user })
  await here(eve, room, ({ closed }) => closed === "removed")
  expect((await here(lan, room, ({ members }) => members.length === 2)).links).toEqual([])
  expect(await kindOf(eve.command("askToJoin", { link: second.link }))).toBe("link_revoked")
  const third = await lan.must("createLink", { room, days: 7, approval: false })
  expect(await kindOf(eve.command("lookAtLink", { link: third.link }))).toBe("banned")
  await befriend(bo, "bo", eve, "eve")
  expect(await kindOf(bo.command("inviteToGroup", { room, users: [eve.user] }))).toBe("banned")
  await befriend(lan, "lan", eve, "eve")
  await lan.must("inviteToGroup", { room, users: [eve.user] })
  await here(eve, room, ({ closed, members }) => closed === undefined && members.length === 3)
})

test("two links and a removal at the same moment: everybody ends with the same rules", async () => {
  const { lan, bo, room } = await teaGroup()
  const ming = await newcomer("ming")
  await befriend(lan, "lan", ming, "ming")
  await lan.must("inviteToGroup", { room, users: [ming.user] })
  await lan.must("setAdmin", { room, user: bo.user, on: true })
  await here(bo, room, ({ role }) => role === "admin")
  const eve = await newcomer("eve")
  const { link } = await lan.must("createLink", { room, days: 7, approval: false })
  await here(bo, room, ({ links }) => links.length === 1)
  const done = await Promise.all([
    kindOf(eve.command("askToJoin", { link })),
    kindOf(bo.command("createLink", { room, days: 3, approval: true })),
    kindOf(lan.command("removeFromGroup", { room, user: ming.user })),
  ])
  expect(done.slice(1)).toEqual(["ok", "ok"])
  await here(ming, room, ({ closed }) => closed === "removed")
  const ends = await Promise.all(
    [lan, bo].map((one) => here(one, room, ({ members }) => members.every(({ user }) => user !== ming.user))),
  )
  const [a, b] = ends.map(({ members }) => members.map(({ user }) => user).sort())
  expect(a).toEqual(b)
  // eve was let in before the links went, or is told why not.
  if (!a?.includes(eve.user))
    await eve.until("joining", undefined, ({ rooms }) => rooms[0]?.problem !== undefined)
})

test("a picture that is none, one that is too large, a nickname that is too long: refused, and nothing changes", async () => {
  const { lan, bo, room } = await teaGroup()
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const huge = Uint8Array.from([0xff, 0xd8, 0xff, ...new Uint8Array(24 * 1024)])
  for (const bad of [png, huge, new Uint8Array()])
    expect(await kindOf(lan.command("setGroupPicture", { room, picture: bad }))).toBe("bad_picture")
  expect(await kindOf(bo.command("setGroupPicture", { room, picture }))).toBe("not_allowed")
  expect(await kindOf(bo.command("setGroupNick", { room, name: "茶".repeat(10_000) }))).toBe("bad_nickname")
  await lan.must("setGroupPicture", { room, picture })
  await here(bo, room, (value) => value.picture !== undefined)
  await lan.must("setGroupPicture", { room, picture: null })
  await here(bo, room, (value) => value.picture === undefined)
  await bo.must("setGroupNick", { room, name: "Bo" })
  await here(lan, room, ({ members }) => members.some(({ name }) => name === "Bo"))
  await bo.must("setGroupNick", { room, name: "" })
  await here(lan, room, ({ members }) => members.some(({ name }) => name === "bo"))
})

test("the owner ends a group for everybody; nobody else does", async () => {
  const { lan, bo, room } = await teaGroup()
  expect(await kindOf(bo.command("dissolveGroup", { room }))).toBe("not_allowed")
  await lan.must("dissolveGroup", { room })
  for (const one of [lan, bo]) await here(one, room, ({ closed }) => closed === "removed")
})
