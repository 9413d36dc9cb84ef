/** Two people's chat, taken out by one of them: what it must have, and what it must not. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stickerOf } from "@teahouse/client/content/sticker.fixture.ts"
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { startHouse } from "@teahouse/server/main.ts"
import { afterEach, expect, it } from "vitest"
import { memoryFolder } from "../../packages/web/src/screens/export/folder.fixture.ts"
import { folderSink } from "../../packages/web/src/screens/export/folder-sink.ts"
import { exportChats } from "../../packages/web/src/screens/export/run.ts"
import { textOf } from "../../packages/web/src/text/use-text.ts"
import { befriend, cheap, newDisk, openPerson, PASSWORD, type Person } from "./person.ts"

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const bytes = new TextEncoder().encode("long leaves, 冷水")
const source = {
  size: bytes.length,
  slice: (from: number, to: number) => ({ arrayBuffer: async () => bytes.slice(from, to).buffer }),
}
const seqOf = (items: readonly TimelineItem[], text: string) =>
  items.find((item) => item.type === "message" && item.text === text)?.seq as number

async function exportOf(person: Person, room?: Id) {
  const { root, files } = memoryFolder()
  const { pass } = await person.must("beginExport", { password: PASSWORD })
  const outcome = await exportChats(
    {
      port: person.client,
      pass,
      sink: folderSink(root),
      style: { text: textOf("en"), time: { language: "en", locale: "en-GB", timeZone: "UTC" } },
      async *read(url) {
        const id = url.split("/").at(-1) as string
        yield (await person.client.files.read(id, 0, bytes.length)) as Uint8Array<ArrayBuffer>
      },
      why: (kind) => kind,
      signal: new AbortController().signal,
      tell: () => {},
    },
    room,
  )
  return { outcome, files: files() }
}

it("a chat is exported as it reads now: edited, recalled, with its files; and with hidden chats, contacts, saved messages and stickers", async () => {
  const data = mkdtempSync(join(tmpdir(), "teahouse-export-"))
  const house = await startHouse({ data, port: 0, stretching: cheap, logLevel: "silent" })
  const [lilei, mei] = [openPerson(house.url), openPerson(house.url)]
  undo.push(
    () => rmSync(data, { recursive: true, force: true }),
    () => house.stop(),
    () => mei.client.stop(),
    () => lilei.client.stop(),
  )
  await lilei.register("lilei")
  await mei.register("meimei")
  const room = await befriend(lilei, "lilei", mei, "meimei")
  for (const text of ["gren tea", "a secret slip", "and cake"]) await lilei.say(room, text)
  await lilei.must("sendFiles", {
    room,
    files: [{ source, name: "../notes.txt", type: "text/plain", caption: "read <b>this</b>" }],
  })
  const before = await mei.timeline(room, (items) =>
    items.some((one) => one.type === "message" && one.body.kind === "file"),
  )
  await lilei.timeline(room, (items) => seqOf(items, "and cake") !== undefined)
  await lilei.must("editMessage", { room, seq: seqOf(before.items, "gren tea"), text: "green tea" })
  await lilei.must("recall", { room, seq: seqOf(before.items, "a secret slip") })
  await mei.must("react", { room, seq: seqOf(before.items, "and cake"), emoji: "🍰", on: true })
  await lilei.timeline(room, (items) => {
    const said = JSON.stringify(items)
    return said.includes("green tea") && said.includes('"recalled"') && said.includes("🍰")
  })
  await lilei.must("setHabits", { room, hidden: true })
  const { friends } = await lilei.until("contacts", undefined, (value) => value.friends.length === 1)
  await lilei.must("setTags", { user: friends[0]?.user as Id, tags: ["tea"] })
  await lilei.must("favourite", { room, seq: seqOf(before.items, "and cake"), on: true })
  const { id } = await lilei.must("addSticker", { from: stickerOf("cup") })
  await lilei.must("setSettings", { status: "brewing", theme: "dark" })
  const drawn = Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3)
  await mei.must("setPicture", { picture: drawn })
  await lilei.until("contacts", undefined, ({ friends: [one] }) => one?.picture !== undefined)
  const { room: tea } = await lilei.must("createGroup", { name: "Tea", members: [friends[0]?.user as Id] })
  await lilei.must("setGroupNick", { room: tea, name: "boss" })
  await lilei.until("room", { room: tea }, (value) => value.state === "here" && value.members.length === 2)
  await lilei.until("room", { room: tea }, (value) => value.state === "here" && value.nick === "boss")
  await lilei.must("setDraft", { room, text: "half a" })

  const { outcome, files } = await exportOf(lilei)
  expect(outcome).toMatchObject({ chats: 3, missing: [] })
  const page = files.get("meimei/messages.html") ?? ""
  const kept = JSON.parse(files.get("meimei/messages.json") ?? "")
  const path = [...files.keys()].find((one) => one.startsWith("meimei/files/")) ?? ""
  expect(path).toMatch(/^meimei\/files\/\d+ notes\.txt$/)
  expect(files.get(path)).toBe("long leaves, 冷水")
  expect(kept).toMatchObject({ format: "teahouse-chat", room, title: "meimei", draft: "half a" })
  expect(kept).not.toHaveProperty("members")
  const { members } = JSON.parse(files.get("Tea/messages.json") ?? "") as { members: { username: string }[] }
  expect(members.sort((a, b) => a.username.localeCompare(b.username))).toMatchObject([
    { username: "lilei", role: "owner", nick: "boss" },
    { username: "meimei", role: "member", nick: "" },
  ])
  const lines: { text?: string; event?: string }[] = kept.messages
  expect(lines.find(({ text }) => text === "green tea")).toMatchObject({
    edited: true,
    from: { username: "lilei" },
  })
  expect(lines.find(({ text }) => text === "and cake")).toMatchObject({
    reactions: [{ emoji: "🍰", people: [{ username: "meimei" }] }],
  })
  expect(lines.filter(({ event }) => event === "recalled").length).toBe(1)
  expect(page).toContain("You recalled a message.")
  expect(page).toContain("read &lt;b&gt;this&lt;/b&gt;")
  expect(kept.habits).toMatchObject({ hidden: true })

  const mine = (path: string) => JSON.parse(files.get(`About me/${path}.json`) ?? "")
  expect(mine("profile")).toMatchObject({
    profile: { username: "lilei", status: "brewing" },
    settings: { theme: "dark" },
  })
  expect(mine("contacts")).toMatchObject({
    contacts: [{ username: "meimei", tags: ["tea"], relation: "friend", blocked: false }],
  })
  const { picture = "" } = mine("contacts").contacts[0]
  expect(picture).toBe(`pictures/${friends[0]?.user}.jpg`)
  expect(files.get(`About me/${picture}`)).toBe(new TextDecoder().decode(drawn))
  expect(mine("favourites")).toMatchObject({ favourites: [{ chat: "meimei", text: "and cake" }] })
  expect(mine("stickers")).toMatchObject({ stickers: [{ id, path: `stickers/${id}.webp` }] })
  expect(files.has(`About me/stickers/${id}.webp`)).toBe(true)
  for (const [, text] of files) expect(text).not.toMatch(/a secret slip|gren tea/)
})

it("a chat is read window by window, and one that is not there is said to be absent", async () => {
  const data = mkdtempSync(join(tmpdir(), "teahouse-export-"))
  const house = await startHouse({ data, port: 0, stretching: cheap, logLevel: "silent" })
  const lilei = openPerson(house.url)
  undo.push(
    () => rmSync(data, { recursive: true, force: true }),
    () => house.stop(),
    () => lilei.client.stop(),
  )
  await lilei.register("lilei")
  await lilei.until("roomList", undefined, ({ rooms }) => rooms.length === 1)
  const { pass } = await lilei.must("beginExport", { password: PASSWORD })
  const { chats } = await lilei.must("exportChats", { pass })
  expect(chats.map(({ kind }) => kind)).toEqual(["self"])
  const room = chats[0]?.room as Id
  const said = Array.from({ length: 7 }, (_, n) => `line ${n}`)
  for (const text of said) await lilei.say(room, text)
  await lilei.reads(room, said)
  const texts: string[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { items: readonly TimelineItem[]; next?: number } = await lilei.must("exportPage", {
      pass,
      room,
      after,
      limit: 2,
    })
    expect(page.items.length).toBeLessThanOrEqual(2)
    texts.push(...page.items.flatMap((item) => (item.type === "message" ? [item.text] : [])))
    after = page.next
  }
  expect(texts).toEqual(said)
  expect(await lilei.command("exportPage", { pass, room: "x".repeat(22) as Id, after: 0, limit: 2 })).toEqual(
    {
      ok: false,
      error: { kind: "not_found" },
    },
  )
})

it("nothing is taken out before the password was proved with the house, and the proof is good for five minutes", async () => {
  const data = mkdtempSync(join(tmpdir(), "teahouse-export-"))
  const house = await startHouse({ data, port: 0, stretching: cheap, logLevel: "silent" })
  let [late, cut] = [0, false]
  const asked: string[] = []
  const wire: typeof fetch = async (input, init) => {
    if (cut) throw new TypeError("no way to the house")
    asked.push(new URL(String(input)).pathname)
    return fetch(input, init)
  }
  const lilei = openPerson(house.url, newDisk(), { fetch: wire, clock: () => Date.now() + late })
  undo.push(
    () => rmSync(data, { recursive: true, force: true }),
    () => house.stop(),
    () => lilei.client.stop(),
  )
  await lilei.register("lilei")
  const { rooms } = await lilei.until("roomList", undefined, (value) => value.rooms.length === 1)
  const room = rooms[0]?.room as Id
  const refusal = async (answer: Promise<unknown>) =>
    ((await answer) as { error?: { kind: string } }).error?.kind
  const begin = (password?: string) =>
    lilei.command("beginExport", password === undefined ? {} : { password })

  expect(await refusal(begin())).toBe("password_needed")
  expect(await refusal(begin("not this one at all"))).toBe("wrong_credentials")
  expect(await refusal(begin())).toBe("password_needed")
  cut = true
  expect(await refusal(begin(PASSWORD))).toBe("offline")
  expect(await refusal(begin())).toBe("password_needed")
  cut = false
  for (const pass of ["", "guessed"]) {
    expect(await refusal(lilei.command("exportChats", { pass }))).toBe("password_needed")
    expect(await refusal(lilei.command("exportSelf", { pass }))).toBe("password_needed")
    expect(await refusal(lilei.command("exportFavourite", { pass, id: "x" }))).toBe("password_needed")
    expect(await refusal(lilei.command("exportPicture", { pass, picture: "x" }))).toBe("password_needed")
    expect(await refusal(lilei.command("exportPage", { pass, room, after: 0, limit: 2 }))).toBe(
      "password_needed",
    )
  }

  const { pass } = await lilei.must("beginExport", { password: PASSWORD })
  await expect.poll(() => asked.filter((path) => path.endsWith("/logout")).length).toBe(1)
  await lilei.until("session", undefined, ({ state }) => state === "signed_in")
  const again = await lilei.must("beginExport", {})
  await lilei.must("endExport", { pass: again.pass })
  expect(await refusal(lilei.command("exportChats", { pass: again.pass }))).toBe("password_needed")
  late = 5 * 60_000 + 1
  expect(await refusal(begin())).toBe("password_needed")
  expect((await lilei.must("exportChats", { pass })).chats.map(({ kind }) => kind)).toEqual(["self"])

  // Whoever comes next has not proved anything.
  await lilei.must("beginExport", { password: PASSWORD })
  await lilei.must("signOut", { forget: false })
  await lilei.signIn("lilei")
  expect(await refusal(begin())).toBe("password_needed")
  expect(await refusal(lilei.command("exportChats", { pass }))).toBe("password_needed")
})
