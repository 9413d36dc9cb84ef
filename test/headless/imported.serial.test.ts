/** What was imported: read-only, above everything that was said, the same on a new device, searched, exported, deleted as a whole. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseExport } from "@teahouse/client/import/parse.ts"
import { type ImportDoing, runImport } from "@teahouse/client/import/run.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { utf8 } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, newDisk, openPerson, type Person, textsOf } from "./person.ts"
import { smallDisk } from "./small-disk.ts"

let folder: string
let house: RunningHouse
let people: Person[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-imported-"))
  const limits = {
    signInsPerMinuteAddress: 100_000,
    requestsPerSecondAddress: 100_000,
    requestBurstAddress: 100_000,
  }
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
const open = (disk = newDisk()) => {
  const one = openPerson(house.url, disk, { trusted: true })
  people.push(one)
  return one
}

const AT = 1_500_000_000
const telegram = (count: number, more: readonly object[] = [], name = "Old tea") =>
  JSON.stringify({
    ...{ name, type: "personal_chat", id: 1 },
    messages: [
      ...Array.from({ length: count }, (_, id) => ({
        ...{ id, type: "message", date_unixtime: String(AT + id), from: id % 2 ? "Han Meimei" : "Li Lei" },
        text: `cup ${id} 杯`,
      })),
      ...more,
    ],
  })

async function selfOf(one: Person): Promise<Id> {
  const { rooms } = await one.until("roomList", undefined, (value) =>
    value.rooms.some(({ kind }) => kind === "self"),
  )
  return rooms.find(({ kind }) => kind === "self")?.room as Id
}
async function take(one: Person, room: Id, text: string, more: Partial<ImportDoing> = {}) {
  const parsed = parseExport("result.json", "export", utf8(text))
  if (!parsed.ok) throw new Error(parsed.error)
  const self = await selfOf(one)
  return runImport(
    parsed.value.read,
    { room, self, source: parsed.value.source },
    {
      ...{ must: one.must, sent: { get: () => undefined, set: () => {} } },
      ...{ progress: () => {}, stopped: () => false, file: async () => "file_not_included" as const },
      async stored(where, key) {
        const value = await one.timeline(where, (items) =>
          items.some((item) => item.key === key && item.seq !== undefined),
        )
        return value.items.find((item) => item.key === key)?.seq
      },
      ...more,
    },
  )
}
/** From the chat's beginning on, however long it is. */
async function whole(one: Person, room: Id): Promise<TimelineItem[]> {
  const { pass } = await one.must("beginExport", {})
  const items: TimelineItem[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { items: readonly TimelineItem[]; next?: number } = await one.must("exportPage", {
      ...{ pass, room, after, limit: 200 },
    })
    items.push(...page.items)
    after = page.next
  }
  return items
}
const isImported = (item: TimelineItem): item is MessageItem =>
  item.type === "message" && item.imported === true

test("into a chat with a friend: above all that is said, for oneself alone; a new device has it by the password", async () => {
  const [lan, bo] = [open(), open()]
  await Promise.all([lan.register("lan"), bo.register("bo")])
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "said here")
  await bo.reads(room, ["said here"])
  const source = { size: 5, slice: (from: number, to: number) => new Blob(["green"]).slice(from, to) }
  const photo = {
    id: 900,
    type: "message",
    date_unixtime: String(AT + 900),
    from: "Li Lei",
    text: "look",
    file: "files/leaf.txt",
  }
  const report = await take(lan, room, telegram(600, [photo, { id: 901, type: "hologram" }]), {
    file: async (_, name) => ({ source, name, type: "text/plain" }),
  })
  expect(report).toMatchObject({
    ...{ chats: 1, messages: 601, before: 0, files: 1 },
    unread: [{ chat: "Old tea", where: "message 901", why: "no_time" }],
  })

  const lines = (await whole(lan, room)).filter(isImported)
  expect(lines.map(({ text }) => text)).toEqual([
    ...Array.from({ length: 600 }, (_, n) => `cup ${n} 杯`),
    "look",
  ])
  expect(lines[1]).toMatchObject({ from: { name: "Han Meimei" }, mine: false, at: (AT + 1) * 1000 })
  // The chat itself begins after it; a window goes over the border without a gap.
  const all = await lan.timeline(room, (items) => items.filter(isImported).length > 100)
  expect(textsOf(all.items).slice(-3)).toEqual(["cup 599 杯", "look", "said here"])
  const seqs = all.items.map(({ seq = 0 }) => seq)
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  const middle = lines[300]?.seq as number
  const around = await lan.until(
    "timeline",
    { room, around: middle, limit: 40 },
    ({ items }) => items.length >= 40,
  )
  expect([around.atStart, around.atEnd, textsOf(around.items).includes("cup 300 杯")]).toEqual([
    false,
    false,
    true,
  ])
  // Nobody else has any of it.
  expect(textsOf((await bo.timeline(room, () => true)).items)).toEqual(["said here"])
  expect((await whole(bo, room)).filter(isImported)).toEqual([])

  // Nothing is done to it.
  const seq = middle
  for (const refused of [
    lan.command("react", { room, seq, emoji: "👍", on: true }),
    lan.command("send", { room, text: "x", reply: seq }),
    lan.command("editMessage", { room, seq, text: "x" }),
    lan.command("recall", { room, seq }),
    lan.command("pin", { room, seq, on: true }),
    lan.command("favourite", { room, seq, on: true }),
    lan.command("deleteForMe", { room, seqs: [seq] }),
    lan.command("forward", { room, seqs: [seq], to: [room], bundled: false }),
  ])
    expect(await refused).toEqual({ ok: false, error: { kind: "not_allowed" } })

  // The same again adds nothing, from whichever device.
  expect(await take(lan, room, telegram(600, [photo]))).toMatchObject({ messages: 0, before: 601 })
  await lan.safe()
  const phone = open()
  await phone.signIn("lan")
  await phone.timeline(room, (items) => textsOf(items).includes("cup 599 杯"))
  await phone.until("safekeeping", undefined, ({ restoring, used }) => used > 0 && restoring === undefined)
  const there = (await whole(phone, room)).filter(isImported)
  expect(there.map(({ text, at, seq: where }) => [text, at, where])).toEqual(
    lines.map(({ text, at, seq: where }) => [text, at, where]),
  )
  expect(await take(phone, room, telegram(600, [photo]))).toMatchObject({ messages: 0, before: 601 })
  const found = await phone.until("search", { query: "CUP 4２", limit: 100 }, ({ done }) => done)
  expect(found.items.map(({ text }) => text)).toEqual([
    "cup 429 杯",
    "cup 428 杯",
    "cup 427 杯",
    "cup 426 杯",
    "cup 425 杯",
    "cup 424 杯",
    "cup 423 杯",
    "cup 422 杯",
    "cup 421 杯",
    "cup 420 杯",
    "cup 42 杯",
  ])
  const file = there.at(-1) as MessageItem
  const opened = await phone.must("openFile", { room, key: file.key, seq: file.seq as number })
  const name = opened.url.split("/").at(-1) ?? ""
  expect(new TextDecoder().decode(await phone.client.files.read(name, 0, 5))).toBe("green")

  // Deleted on one, gone on the other; and what was deleted may be imported again.
  const head = (await whole(phone, room)).find(
    (item) => item.type === "event" && item.event.kind === "imported",
  )
  if (head?.type !== "event" || head.event.kind !== "imported")
    throw new Error("no line says where it is from")
  expect(head.event).toMatchObject({ source: "telegram", title: "Old tea" })
  const { used: before } = await phone.safe()
  await phone.must("dropImport", { room, import: head.event.import })
  await lan.timeline(room, (items) => !items.some(isImported))
  expect((await whole(lan, room)).filter(isImported)).toEqual([])
  // Not only out of sight: the house has no word of it any more.
  await phone.until("safekeeping", undefined, ({ used, unsafe }) => unsafe === 0 && used < 0.75 * before)
  expect(await take(lan, room, telegram(600, [photo]))).toMatchObject({ messages: 601, before: 0 })
  expect((await whole(lan, room)).filter(isImported)).toHaveLength(601)
})

test("an import that is stopped is shown nowhere, and goes on to the same; two exports stand in the order of their times", async () => {
  const lan = open()
  await lan.register("lan")
  const self = await selfOf(lan)
  await lan.say(self, "note")
  let stop = false
  const stopped = await take(lan, self, telegram(600), {
    stopped: () => stop,
    progress: () => {
      stop = true
    },
  })
  expect(stopped).toMatchObject({ stopped: true, messages: 0 })
  expect((await whole(lan, self)).filter(isImported)).toEqual([])
  const later = JSON.stringify({
    ...{ name: "Later", type: "personal_chat", id: 2 },
    messages: [{ id: 1, type: "message", date_unixtime: String(AT + 9_000_000), from: "Lin", text: "later" }],
  })
  expect(await take(lan, self, later)).toMatchObject({ messages: 1 })
  expect(await take(lan, self, telegram(600))).toMatchObject({ messages: 600, before: 0 })
  const said = textsOf(await whole(lan, self))
  expect(said).toEqual([...Array.from({ length: 600 }, (_, n) => `cup ${n} 杯`), "later", "note"])
})

test("what of it is lost on a device comes again from the house", async () => {
  const disk = newDisk()
  const lan = open(disk)
  await lan.register("lan")
  const self = await selfOf(lan)
  await take(lan, self, telegram(300))
  await lan.safe()
  const session = await lan.until("session", undefined, ({ state }) => state === "signed_in")
  await lan.client.stop()
  const store = await disk.stores.open(session.state === "signed_in" ? session.user : "")
  const keys = [...(await store.keys(`segment/${self}/0/`)), ...(await store.keys(`tail/${self}/0/`))]
  expect(keys.length).toBeGreaterThan(1)
  await store.batch(keys.map((drop) => ({ drop })))
  const again = open(disk)
  // A block at a time.
  await expect.poll(async () => (await whole(again, self)).filter(isImported).length).toBe(300)
})

const ofImport = /^(segment|tail)\/[^/]+\/0\//
const linesOf = async (one: Person, room: Id) => (await whole(one, room)).filter(isImported)
const importOf = async (one: Person, room: Id): Promise<Uint8Array> => {
  const [head] = (await whole(one, room)).flatMap((item) =>
    item.type === "event" && item.event.kind === "imported" ? [item.event.import] : [],
  )
  if (!head) throw new Error("no line says where it is from")
  return head
}

test("a disk that gets full ends an import and its deletion with that reason; the same again makes them whole", async () => {
  let room = Number.POSITIVE_INFINITY
  let notes = true
  const refuses = (key: string) =>
    key === "notebook/dirty/imports" ? !notes : ofImport.test(key) && --room < 0
  const lan = open(smallDisk((puts) => puts.some(refuses)))
  await lan.register("lan")
  const self = await selfOf(lan)
  room = 1
  await expect(take(lan, self, telegram(600))).rejects.toThrow("importBlock: device_full")
  expect(await linesOf(lan, self)).toEqual([])
  room = Number.POSITIVE_INFINITY
  expect(await take(lan, self, telegram(600))).toMatchObject({ messages: 600, before: 0 })
  expect(await linesOf(lan, self)).toHaveLength(600)

  const digest = await importOf(lan, self)
  const drop = () => lan.command("dropImport", { room: self, import: digest })
  room = 1
  expect(await drop()).toEqual({ ok: false, error: { kind: "device_full" } })
  room = Number.POSITIVE_INFINITY
  // What is left of it is still there to be deleted.
  expect(await importOf(lan, self)).toEqual(digest)
  expect(await drop()).toMatchObject({ ok: true })
  expect(await linesOf(lan, self)).toEqual([])
  expect(await take(lan, self, telegram(600))).toMatchObject({ messages: 600, before: 0 })

  // All of it is gone, only the note of that is not there: it is no import that is known.
  notes = false
  expect(await drop()).toEqual({ ok: false, error: { kind: "device_full" } })
  notes = true
  expect(await linesOf(lan, self)).toEqual([])
  expect(await take(lan, self, telegram(600))).toMatchObject({ messages: 600, before: 0 })
  expect(await linesOf(lan, self)).toHaveLength(600)
})

test("where the notebook knows of an import whose lines are not here, the same import brings them", async () => {
  const lan = open()
  await lan.register("lan")
  const self = await selfOf(lan)
  await lan.must("setHabits", { room: self, kept: false })
  await take(lan, self, telegram(300))
  await lan.until("safekeeping", undefined, ({ unsafe }) => unsafe === 0)
  const phone = open()
  await phone.signIn("lan")
  await selfOf(phone)
  expect(await linesOf(phone, self)).toEqual([])
  expect(await take(phone, self, telegram(300))).toMatchObject({ messages: 300, before: 0 })
  expect(await linesOf(phone, self)).toHaveLength(300)
  const places = async (one: Person) => (await linesOf(one, self)).map(({ seq }) => seq)
  expect(await places(phone)).toEqual(await places(lan))
  expect(await take(phone, self, telegram(300))).toMatchObject({ messages: 0, before: 300 })
})

test("a hundred thousand messages: few of them in memory at a time, the last and any other found", async () => {
  const lan = open()
  await lan.register("lan")
  const self = await selfOf(lan)
  let most = 0
  const report = await take(lan, self, telegram(100_000), {
    progress: ({ done, of }) => {
      most = Math.max(most, process.memoryUsage().arrayBuffers)
      expect([done <= of, of]).toEqual([true, 100_000])
    },
  })
  expect(report).toMatchObject({ messages: 100_000, unread: [] })
  // What is on its way at a time are blocks, not the export: its text alone would be more than that.
  expect(most).toBeLessThan(200 * 1024 * 1024)
  const { items } = await lan.until(
    "timeline",
    { room: self, around: "end", limit: 50 },
    (value) => value.items.length >= 50,
  )
  expect(textsOf(items).at(-1)).toBe("cup 99999 杯")
  const found = await lan.until("search", { query: "cup 12345 ", limit: 5 }, ({ done }) => done)
  expect(found.items).toMatchObject([{ text: "cup 12345 杯", mine: false, from: { name: "Han Meimei" } }])
})
