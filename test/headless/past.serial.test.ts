/** What no device of one's own could have is given by the others in the chat, and by whom is said (packages/client/src/past). */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { HistoryEntry } from "@teahouse/client/history/entry.ts"
import type { Given } from "@teahouse/client/past/page.ts"
import { decodePage, encodePage } from "@teahouse/client/past/page.ts"
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, type Disk, eventsOf, newDisk, openPerson, type Person, textsOf } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]
beforeEach(async () => {
  people = []
  folder = mkdtempSync(join(tmpdir(), "teahouse-past-"))
  const rates = { sendsPerSecond: 1_000, sendBurst: 1_000 }
  const limits = { commitIntervalMs: 20, commitBurst: 100, commitQuietMs: 10, ...rates }
  house = await startHouse({ port: 0, data: folder, stretching: cheap, limits, logLevel: "silent" })
})
afterEach(async () => {
  await Promise.all(people.map(({ client }) => client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(people.flatMap((one) => one.bugs)).toEqual([])
})

type More = NonNullable<Parameters<typeof openPerson>[2]>
const person = (disk?: Disk, more: Partial<More> = {}) => {
  const one = openPerson(house.url, disk, more)
  people.push(one)
  return one
}
/** How often somebody asked the house to let go of what they gave. */
function counted() {
  const count = { letGo: 0 }
  const counting: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init)
    if (String(url).endsWith("/recall") && answer.ok) count.letGo++
    return answer
  }
  return { count, fetch: counting as NonNullable<More["fetch"]> }
}
/** How many messages of this device the log of a room has, of whatever kind. One that was sealed twice is in it once. */
async function messagesOf(one: Person, room: Id): Promise<number> {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  if (session.state !== "signed_in") throw new Error("nobody is signed in")
  const db = new DatabaseSync(join(folder, "house.db"), { readOnly: true })
  const row = db
    .prepare("SELECT COUNT(*) AS count FROM entry WHERE room_id = ? AND device_id = ? AND kind = 0")
    .get(idBytes(room), idBytes(session.device))
  db.close()
  return Number(row?.count)
}
const gap = (items: readonly TimelineItem[]) =>
  items.flatMap((item) =>
    item.type === "event" && item.event.kind === "history_gap" ? [item.event.count] : [],
  )
const givers = (items: readonly TimelineItem[]) =>
  items.flatMap((item) =>
    item.type === "event" && item.event.kind === "given" ? [item.event.person.name] : [],
  )

/** Says these lines while the other person's only device is gone. */
async function apart(a: string, b: string, lines: readonly string[], more: Partial<More> = {}) {
  const disk = newDisk()
  const [lan, bo] = [person(), person(disk, more)]
  await lan.register(a)
  await bo.register(b)
  const room = await befriend(lan, a, bo, b)
  await lan.say(room, "before")
  await bo.reads(room, ["before"])
  await lan.reads(room, ["before"])
  await lan.safe()
  await lan.must("signOut", { forget: true })
  // One after another: each was sealed by somebody who had seen the one before.
  for (let n = 1; n <= lines.length; n++) {
    await bo.say(room, lines[n - 1] ?? "")
    await bo.reads(room, ["before", ...lines.slice(0, n)])
  }
  return { room, bo, disk }
}

test("what came while no device was there is given by a friend who comes online later", async () => {
  const lines = ["one", "two", "three"]
  const { room, bo, disk } = await apart("lan", "bo", lines)
  const { items: said } = await bo.reads(room, ["before", ...lines])
  await bo.must("react", {
    room,
    seq: said.find((i) => i.type === "message" && i.text === "two")?.seq ?? 0,
    emoji: "🍵",
    on: true,
  })
  await bo.must("recall", {
    room,
    seq: said.find((i) => i.type === "message" && i.text === "three")?.seq ?? 0,
  })
  await bo.timeline(
    room,
    (seen) => eventsOf(seen).includes("recalled") && !JSON.stringify(seen).includes('"waiting":true'),
  )
  await bo.client.stop()

  const phone = person()
  await phone.signIn("lan")
  await phone.timeline(room, (items) => (gap(items)[0] ?? 0) >= 3 && textsOf(items).join() === "before")
  // The request waits in the log.
  const { count, fetch: counting } = counted()
  const back = person(disk, { fetch: counting })
  await phone.say(room, "I am back")
  const { items } = await phone.timeline(room, (seen) => textsOf(seen).join() === "before,one,two,I am back")
  expect(givers(items)).toEqual(["bo"])
  expect(eventsOf(items)).toContain("recalled")
  expect(JSON.stringify(items)).toContain("🍵")
  await phone.timeline(room, (seen) => gap(seen).length === 0)
  const list = await phone.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === room))
  expect(list.rooms.find((one) => one.room === room)?.unread).toBe(0)
  // Nobody sees or counts the asking: unread are the first line and the last.
  await back.reads(room, ["before", "one", "two", "I am back"])
  const theirs = await back.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.unread > 0))
  expect(theirs.rooms.find((one) => one.room === room)?.unread).toBe(2)
  // Once it was taken the house need not keep what was given.
  await expect.poll(() => count.letGo, { timeout: 20_000 }).toBe(1)
  // And it is kept: the next device has it from the house.
  await phone.safe()
  await Promise.all([phone.client.stop(), back.client.stop()])
  const tablet = person()
  await tablet.signIn("lan")
  const later = await tablet.timeline(room, (seen) => textsOf(seen).join() === "before,one,two,I am back")
  expect(givers(later.items)).toEqual(["bo"])
})

test("who had nothing to give while their own past was on its way gives it afterwards", async () => {
  const lines = ["one", "two", "three"]
  const { room, bo } = await apart("lan", "bo", lines)
  await bo.safe()
  await bo.client.stop()

  // What the house keeps for bo does not reach the new device yet.
  let letGo = () => {}
  const held = new Promise<void>((done) => {
    letGo = done
  })
  const slow: typeof fetch = async (url, init) => {
    if (String(url).includes("/history/") && init?.method === "GET") await held
    return fetch(url, init)
  }
  const tablet = person(newDisk(), { fetch: slow as NonNullable<More["fetch"]> })
  await tablet.signIn("bo")
  await tablet.until("room", { room }, (value) => value.state === "here" && value.writable)
  const phone = person()
  await phone.signIn("lan")
  await phone.timeline(room, (items) => gap(items).length > 0)
  await expect.poll(() => messagesOf(phone, room), { timeout: 20_000 }).toBeGreaterThan(0)
  await phone.say(room, "who was there?")
  await tablet.timeline(room, (items) => textsOf(items).includes("who was there?"))
  // Its turn comes after 200 ms at most.
  await new Promise((done) => setTimeout(done, 1_000))
  letGo()
  await phone.timeline(room, (items) => textsOf(items).join() === "before,one,two,three,who was there?")
})

const crypto = createCrypto(cheap)
/** A member whose pages say something else than what was said. */
const lying = (
  change: (page: { entries: HistoryEntry[]; edges: Given["edges"] }) => void,
): Partial<More> => ({
  crypto: {
    ...crypto,
    device: {
      ...crypto.device,
      async sealPast(key, aad, plain) {
        const page = await decodePage(plain)
        const entries = [...(page?.blocks.values() ?? [])].flatMap((block) => block.entries)
        const said = { entries, edges: page?.edges ?? [] }
        change(said)
        return crypto.device.sealPast(key, aad, await encodePage(said.entries, new Map(), said.edges))
      },
    },
  },
})
const alter = (
  page: { entries: HistoryEntry[] },
  which: "first" | "last",
  to: (entry: HistoryEntry) => HistoryEntry,
) => {
  const said = page.entries.filter(({ item }) => item.type === "content")
  const entry = said.at(which === "first" ? 0 : -1)
  if (entry) page.entries[page.entries.indexOf(entry)] = to(entry)
}
const lies: Record<string, Parameters<typeof lying>[0]> = {
  "another hash than the next message saw": (page) =>
    alter(page, "first", (entry) => ({ ...entry, hash: new Uint8Array(32).fill(7) })),
  "a number twice": (page) => alter(page, "last", (entry) => ({ ...entry, n: 1 })),
  "a place that was not asked for": (page) => alter(page, "first", (entry) => ({ ...entry, seq: 1 })),
  "another chain beside it": (page) =>
    Object.assign(page, { edges: page.edges.map(({ seq }) => ({ seq, hash: new Uint8Array(32) })) }),
  "nothing of the chain beside it": (page) => Object.assign(page, { edges: [] }),
}

test.each(Object.keys(lies))("who gives %s is refused, and nothing of it is shown", async (name) => {
  const { room, bo } = await apart("lan", "bo", ["one", "two"], lying(lies[name] ?? (() => {})))
  const phone = person()
  await phone.signIn("lan")
  await phone.until("connection", undefined, ({ alarms }) =>
    alarms.some(({ kind }) => kind === "past_refused"),
  )
  const { items } = await phone.timeline(room, (seen) => gap(seen).length > 0)
  expect(textsOf(items)).toEqual(["before"])
  // It is not asked again, and the chat goes on.
  await bo.say(room, "on")
  await phone.timeline(room, (seen) => textsOf(seen).join() === "before,on")
})

test("where nothing is missing nobody asks", async () => {
  // Nobody brings fresh keys here: what came while nobody of an account was there would rightly be asked for.
  const still = { pace: { updateAfterMs: 3_600_000 } }
  const [lan, bo] = [person(undefined, still), person(undefined, still)]
  await lan.register("nan")
  await bo.register("po")
  const room = await befriend(lan, "nan", bo, "po")
  await lan.say(room, "before")
  await bo.reads(room, ["before"])
  await lan.reads(room, ["before"])
  // Who accepts says who they are.
  await expect.poll(() => messagesOf(bo, room)).toBe(1)
  await lan.safe()
  await lan.must("signOut", { forget: true })
  const phone = person(undefined, still)
  await phone.signIn("nan")
  await phone.reads(room, ["before"])
  await phone.until("safekeeping", undefined, ({ quota, restoring }) => quota > 0 && !restoring)
  await phone.say(room, "one")
  await bo.reads(room, ["before", "one"])
  await phone.reads(room, ["before", "one"])
  // Its own words and nothing else; and nobody has answered anything. Fresh keys are commits, and may come at any time.
  expect(await messagesOf(phone, room)).toBe(1)
  expect(await messagesOf(bo, room)).toBe(1)
})

type Made = { readonly room: Id; readonly lan: Person; readonly bo: Person; readonly mei: Person }
/** A group of two in which these lines were said, and a third person who is a friend of its owner. */
async function group(days: number, lines: readonly string[], more: Partial<More> = {}): Promise<Made> {
  const [lan, bo, mei] = [person(undefined, more), person(undefined, more), person()]
  await lan.register("lan")
  await bo.register("bo")
  await mei.register("mei")
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", mei, "mei")
  const session = await bo.until("session", undefined, ({ state }) => state === "signed_in")
  const members = session.state === "signed_in" ? [session.user] : []
  const { room } = await lan.must("createGroup", { name: "茶友", members })
  for (const line of lines) await lan.say(room, line)
  await bo.reads(room, lines)
  if (days > 0) {
    await lan.must("setPastRule", { room, days })
    const { items } = await bo.timeline(room, (seen) => eventsOf(seen).includes("past_rule"))
    expect(items.at(-1)).toMatchObject({ event: { kind: "past_rule", days, person: { name: "lan" } } })
  }
  return { room, lan, bo, mei }
}
const userOf = async (one: Person): Promise<Id> => {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  if (session.state !== "signed_in") throw new Error("signed out")
  return session.user
}
const add = async ({ lan, room, mei }: Made) =>
  lan.must("inviteToGroup", { room, users: [await userOf(mei)] })

test("who is added gets the past that the group shares, and the chat says by whom", async () => {
  const { count, fetch: counting } = counted()
  const made = await group(36_500, ["one", "two"], { fetch: counting })
  await add(made)
  const { items } = await made.mei.timeline(made.room, (seen) => textsOf(seen).join() === "one,two")
  expect(["lan", "bo"]).toContain(givers(items)[0])
  expect(givers(items)).toHaveLength(1)
  const list = await made.mei.until("roomList", undefined, ({ rooms }) =>
    rooms.some(({ room }) => room === made.room),
  )
  expect(list.rooms.find(({ room }) => room === made.room)?.unread).toBe(0)
  await made.lan.say(made.room, "welcome")
  await made.mei.reads(made.room, ["one", "two", "welcome"])
  await expect.poll(() => count.letGo, { timeout: 20_000 }).toBeGreaterThan(0)
  // What was given is never passed on, and there is nothing to ask for any more.
  await made.bo.reads(made.room, ["one", "two", "welcome"])
})

test("who comes by a link gets it too", async () => {
  const { room, lan, mei } = await group(7, ["one", "two"])
  const { link } = await lan.must("createLink", { room, days: 7, approval: false })
  await mei.must("askToJoin", { link })
  await mei.timeline(room, (seen) => textsOf(seen).join() === "one,two")
})

test("where the group shares nothing, who comes asks for nothing and gets nothing", async () => {
  const made = await group(0, ["one", "two"])
  await add(made)
  await made.mei.until("room", { room: made.room }, (value) => value.state === "here")
  await made.lan.say(made.room, "welcome")
  await made.mei.reads(made.room, ["welcome"])
  await made.mei.say(made.room, "thanks")
  const { items } = await made.mei.reads(made.room, ["welcome", "thanks"])
  // A rule that is made later says nothing of who is here already.
  await made.lan.must("setPastRule", { room: made.room, days: 36_500 })
  await made.mei.timeline(made.room, (seen) => eventsOf(seen).includes("past_rule"))
  await made.mei.say(made.room, "later")
  const last = await made.mei.reads(made.room, ["welcome", "thanks", "later"])
  expect(givers(last.items)).toEqual([])
  expect(textsOf(items)).toEqual(["welcome", "thanks"])
  // The two lines, and no request.
  expect(await messagesOf(made.mei, made.room)).toBe(2)
})

test("who gives more than the group shares is refused", async () => {
  const older = lying((page) =>
    alter(page, "first", (entry) => ({ ...entry, time: entry.time - 8 * 86_400_000 })),
  )
  const made = await group(7, ["one", "two"], older)
  await add(made)
  await made.mei.until("connection", undefined, ({ alarms }) =>
    alarms.some(({ kind }) => kind === "past_refused"),
  )
  await made.lan.say(made.room, "welcome")
  await made.mei.reads(made.room, ["welcome"])
})

test("only who leads says how much is shared", async () => {
  const { room, bo, lan } = await group(7, ["one"])
  const refused = await bo.command("setPastRule", { room, days: 30 })
  expect(refused).toMatchObject({ ok: false, error: { kind: "not_allowed" } })
  for (const days of [-1, 1.5]) expect((await lan.command("setPastRule", { room, days })).ok).toBe(false)
  await lan.must("setPastRule", { room, days: 0 })
  await bo.until("room", { room }, (value) => value.state === "here" && value.pastDays === 0)
})
