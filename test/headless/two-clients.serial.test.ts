/** Two people without screens, the real client core and a real house: everything between them that a screen would show. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, eventsOf, newDisk, openPerson, PASSWORD, type Person } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]
const limits = { commitIntervalMs: 100, commitBurst: 20 }
const start = (port = 0) =>
  startHouse({ port, data: folder, stretching: cheap, limits, logLevel: process.env.HOUSE_LOG ?? "silent" })
const person = (...args: Parameters<typeof openPerson> extends [string, ...infer More] ? More : never) => {
  const made = openPerson(house.url, ...args)
  people.push(made)
  return made
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-headless-"))
  house = await start()
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

test("somebody whose keys are not published yet is asked all the same", async () => {
  let publish = () => {}
  const published = new Promise<void>((done) => {
    publish = done
  })
  const slow: typeof fetch = async (url, init) => {
    if (init?.method === "POST" && String(url).endsWith("/key-packages")) await published
    return fetch(url, init)
  }
  const [lan, bo] = [person(), person(newDisk(), { fetch: slow })]
  await lan.register("lan")
  await bo.must("createAccount", { username: "bo", password: PASSWORD })
  void bo.client.command("confirmRecoveryCode", {})
  const asking = lan.command("requestFriend", { username: "bo", line: "" })
  setTimeout(publish, 1_000)
  expect(await asking).toEqual({ ok: true, value: { accepted: false } })
})

test("register, request, accept, chat both ways", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("阿波")
  await lan.must("requestFriend", { username: "阿波", line: "你好，我是兰" })
  const { incoming } = await bo.until("contacts", undefined, (value) => value.incoming.length === 1)
  expect(incoming[0]).toMatchObject({ from: { username: "lan" }, line: "你好，我是兰" })
  const room = (await bo.must("acceptRequest", { id: incoming[0]?.id as never })).room
  expect(await lan.chatWith("阿波")).toBe(room)
  await lan.timeline(room, (items) => eventsOf(items).includes("friends"))

  await lan.say(room, "one")
  await bo.reads(room, ["one"])
  await bo.say(room, "two")
  await bo.say(room, "三 🍵")
  const all = ["one", "two", "三 🍵"]
  await lan.reads(room, all)
  await bo.reads(room, all)
  const list = await lan.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.unread === 2))
  expect(list.rooms.find((one) => one.room === room)?.last?.text).toBe("三 🍵")
  await lan.must("markRead", { room, seq: 1_000 })
  await lan.until("roomList", undefined, ({ rooms }) => rooms.every((one) => one.unread === 0))
})

test("a client starts again from its store, and what was written offline is sent once, in order", async () => {
  const disk = newDisk()
  let lan = person(disk)
  const bo = person()
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "before")
  await bo.reads(room, ["before"])

  const { port } = house
  await house.stop()
  await lan.until("connection", undefined, (value) => value.state !== "connected")
  await lan.say(room, "offline 1")
  await lan.say(room, "offline 2")
  await lan.until("connection", undefined, (value) => value.waiting === 2)
  await lan.client.stop()
  lan = person(disk)
  await lan.timeline(room, (items) => items.filter((item) => item.type === "message").length === 3)
  await lan.say(room, "offline 3")

  house = await start(port)
  const all = ["before", "offline 1", "offline 2", "offline 3"]
  await lan.reads(room, all)
  await bo.reads(room, all)
  await bo.say(room, "welcome back")
  await lan.reads(room, [...all, "welcome back"])
})

test("signing out keeps the sealed store; the password opens it again; forgetting deletes it", async () => {
  const disk = newDisk()
  const lan = person(disk)
  const bo = person()
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "kept")
  await lan.reads(room, ["kept"])
  await lan.must("signOut", { forget: false })
  const out = await lan.until("session", undefined, (value) => value.state === "signed_out")
  expect(out).toMatchObject({ username: "lan" })
  expect(await lan.command("send", { room, text: "no" })).toEqual({
    ok: false,
    error: { kind: "signed_out" },
  })
  expect(await disk.keyBox.load("1/lan")).toBeUndefined()
  await bo.say(room, "while you were out")
  expect(await lan.command("signIn", { username: "lan", password: "a wrong guess 123" })).toEqual({
    ok: false,
    error: { kind: "wrong_credentials" },
  })
  await lan.signIn("lan")
  const kept = await lan.reads(room, ["kept", "while you were out"])
  expect(eventsOf(kept.items)).toEqual(["friends"])
  await lan.must("signOut", { forget: true })
  await lan.signIn("lan")
  // What was forgotten here comes back from the house.
  const fresh = await lan.reads(room, ["kept", "while you were out"])
  expect(eventsOf(fresh.items)).toEqual(["friends"])
})

test("what came while the rest was still being caught up with is safe too when one signs out", async () => {
  let slow = false
  const slowly: typeof fetch = async (url, init) => {
    if (slow && String(url).includes("/notebook")) await new Promise((done) => setTimeout(done, 700))
    return fetch(url, init)
  }
  const lan = person(newDisk(), { fetch: slowly })
  const bo = person()
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "kept")
  await lan.reads(room, ["kept"])
  await lan.must("signOut", { forget: false })
  await bo.say(room, "while you were out")
  await bo.reads(room, ["kept", "while you were out"])
  slow = true
  await lan.signIn("lan")
  await lan.reads(room, ["kept", "while you were out"])
  await lan.must("signOut", { forget: true })
  await bo.client.stop()
  const fresh = person()
  await fresh.signIn("lan")
  await fresh.reads(room, ["kept", "while you were out"])
})

test("a second device signs in with the password, joins every room, and both receive", async () => {
  const lan = person()
  const bo = person()
  const cai = person()
  await lan.register("lan")
  await bo.register("bo")
  await cai.register("cai")
  const withBo = await befriend(lan, "lan", bo, "bo")
  const withCai = await befriend(cai, "cai", lan, "lan")
  await lan.say(withBo, "old")
  await bo.reads(withBo, ["old"])

  const phone = person()
  await phone.signIn("lan")
  expect(await phone.chatWith("bo")).toBe(withBo)
  expect(await phone.chatWith("cai")).toBe(withCai)
  await phone.reads(withBo, ["old"])
  await bo.say(withBo, "to both")
  await phone.reads(withBo, ["old", "to both"])
  await lan.reads(withBo, ["old", "to both"])
  await phone.say(withBo, "from the phone")
  await lan.reads(withBo, ["old", "to both", "from the phone"])
  const seen = await bo.reads(withBo, ["old", "to both", "from the phone"])
  expect(eventsOf(seen.items)).toContain("new_device")
  const devices = await phone.until("devices", undefined, (value) => value.devices.length === 2)
  expect(devices.devices[0]?.current).toBe(true)
  const self = await phone.until("roomList", undefined, ({ rooms }) =>
    rooms.some((one) => one.kind === "self"),
  )
  const notes = self.rooms.find((one) => one.kind === "self")?.room as never
  await phone.say(notes, "note to self")
  await lan.reads(notes, ["note to self"])
})

test("two who request each other at the same moment end in one room", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  const asked = await Promise.all([
    lan.must("requestFriend", { username: "bo", line: "hi" }),
    bo.must("requestFriend", { username: "lan", line: "hi" }),
  ])
  expect(asked.map((one) => one.accepted).sort()).toEqual([false, true])
  const room = await lan.chatWith("bo")
  expect(await bo.chatWith("lan")).toBe(room)
  await lan.say(room, "same idea")
  await bo.reads(room, ["same idea"])
})

test("remove freezes, asking again resumes the same room", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 1)
  await lan.must("removeFriend", { user: friends[0]?.user as never })
  await bo.until("room", { room }, (value) => value.state === "here" && value.closed === "frozen")
  expect(await bo.command("send", { room, text: "?" })).toEqual({ ok: false, error: { kind: "room_frozen" } })
  await bo.must("requestFriend", { username: "lan", line: "sorry" })
  const { incoming } = await lan.until("contacts", undefined, (value) => value.incoming.length === 1)
  expect(incoming[0]?.line).toBe("sorry")
  await lan.must("acceptRequest", { id: incoming[0]?.id as never })
  await bo.until("room", { room }, (value) => value.state === "here" && value.writable)
  await bo.say(room, "again")
  const items = (await lan.reads(room, ["again"])).items
  expect(eventsOf(items)).toEqual(["friends", "frozen", "resumed"])
})

test("declining ends it; nicknames reach friends", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  await lan.must("requestFriend", { username: "bo", line: "" })
  const waiting = await bo.until("contacts", undefined, (value) => value.incoming.length === 1)
  await bo.must("declineRequest", { id: waiting.incoming[0]?.id as never })
  await lan.until("contacts", undefined, (value) => value.outgoing.length === 0)
  expect((await lan.until("roomList", undefined, () => true)).rooms.every((one) => one.kind === "self")).toBe(
    true,
  )

  const room = await befriend(lan, "lan", bo, "bo")
  await bo.must("setSettings", { nickname: "波波" })
  await lan.until("room", { room }, (value) => value.state === "here" && value.title === "波波")
  await lan.must("setSettings", { nickname: "小兰", language: "zh-CN" })
  await bo.until("room", { room }, (value) => value.state === "here" && value.title === "小兰")
})

test("what is wrong is said, and changes nothing", async () => {
  const [lan, bo] = [person(), person()]
  const create = (username: string, password = PASSWORD) =>
    lan.command("createAccount", { username, password })
  const kind = async (result: Promise<{ ok: boolean; error?: { kind: string } }>) =>
    (await result).error?.kind
  expect(await kind(create("a"))).toBe("invalid_username")
  expect(await kind(create("lan", "12345678"))).toBe("weak_password")
  await bo.register("bo")
  expect(await kind(create("BO"))).toBe("username_taken")
  expect(await kind(lan.command("signIn", { username: "nobody here", password: PASSWORD }))).toBe(
    "wrong_credentials",
  )
  expect(await kind(lan.command("markRead", { room: "x" as never, seq: 1 }))).toBe("signed_out")
  await lan.register("lan")
  expect(await kind(create("other"))).toBe("in_use")
  expect(await kind(lan.command("requestFriend", { username: "who", line: "" }))).toBe("unknown_user")
  expect(await kind(lan.command("requestFriend", { username: "lan", line: "" }))).toBe("request_to_self")
  await lan.must("requestFriend", { username: "bo", line: "" })
  expect(await kind(lan.command("requestFriend", { username: "bo", line: "" }))).toBe("already_requested")
  const { incoming } = await bo.until("contacts", undefined, (value) => value.incoming.length === 1)
  const id = incoming[0]?.id as never
  const { room } = await bo.must("acceptRequest", { id })
  expect(await kind(bo.command("acceptRequest", { id }))).toBe("unknown_request")
  expect(await kind(bo.command("requestFriend", { username: "lan", line: "" }))).toBe("already_friends")
  await lan.chatWith("bo")
  expect(await kind(lan.command("send", { room, text: "茶".repeat(30_000) }))).toBe("text_too_long")
  expect(await kind(lan.command("send", { room, text: " \n" }))).toBe("invalid_message")
  await lan.say(room, "茶".repeat(20_000))
  await bo.reads(room, ["茶".repeat(20_000)])
})

test("a session that the house has ended leads to signing in again, and nothing is lost", async () => {
  let authorization = ""
  const lan = person(newDisk(), {
    fetch(url, init) {
      authorization = init.headers.authorization ?? authorization
      return fetch(url, init)
    },
  })
  const bo = person()
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "one")
  await bo.reads(room, ["one"])
  const headers = { authorization, "content-type": "application/json" }
  await fetch(`${house.url}/api/logout`, { method: "POST", headers, body: "{}" })
  const out = await lan.until("session", undefined, (value) => value.state === "signed_out")
  expect(out).toMatchObject({ username: "lan", reason: "session_expired" })
  await bo.say(room, "two")
  await lan.signIn("lan")
  const { items } = await lan.reads(room, ["one", "two"])
  expect(eventsOf(items)).toEqual(["friends"])
})

test("settings, read positions, pinned friends and drafts: what is shared is shared, what is local stays", async () => {
  const [lan, phone, bo] = [person(), person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  await bo.must("setSettings", { nickname: "波" })
  const room = await befriend(lan, "lan", bo, "bo", "波")
  await phone.signIn("lan")
  await phone.chatWith("波")
  await lan.must("setSettings", { language: "zh-CN", enterSends: false, nickname: "兰" })
  await phone.until("settings", undefined, (value) => value.language === "zh-CN" && value.nickname === "兰")
  await bo.say(room, "unread")
  const unread = (one: Person, count: number) =>
    one.until(
      "roomList",
      undefined,
      ({ rooms }) => rooms.find((each) => each.room === room)?.unread === count,
    )
  await Promise.all([unread(lan, 1), unread(phone, 1)])
  const { last } = await lan.until(
    "timeline",
    { room, around: "unread", limit: 50 },
    (value) => value.unread === 1,
  )
  await lan.must("markRead", { room, seq: last })
  await unread(phone, 0)
  await lan.must("setDraft", { room, text: "half a thou" })
  await lan.until("composer", { room }, (value) => value.draft === "half a thou")
  expect((await phone.until("composer", { room }, () => true)).draft).toBe("")
})

test("a store without the account's own record is said, and signing in builds a new one", async () => {
  const disk = newDisk()
  let lan = person(disk)
  const bo = person()
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "before")
  await bo.reads(room, ["before"])
  await lan.reads(room, ["before"])
  await lan.safe()
  const { user } = (await lan.until("session", undefined, () => true)) as { user: string }
  await lan.client.stop()
  const store = await disk.stores.open(user)
  for (const { key, value } of await store.range("account")) {
    value.set([(value.at(-1) as number) ^ 1], value.length - 1)
    await store.batch([{ put: key, value }])
  }
  lan = person(disk)
  await lan.until(
    "session",
    undefined,
    (value) => value.state === "signed_out" && value.reason === "store_damaged",
  )
  await lan.signIn("lan")
  await lan.reads(room, ["before"])
  await bo.say(room, "after")
  await lan.reads(room, ["before", "after"])
})
