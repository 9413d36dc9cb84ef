/** Files between two people, through a real house that is stopped in the middle. */
import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, describe, expect, it } from "vitest"
import { befriend, cheap, newDisk, openPerson, type Person, textsOf } from "./person.ts"

const MiB = 1024 * 1024
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** Bytes that can be computed anywhere in the file, so that no test holds two copies. */
function picked(size: number) {
  const slice = (from: number, to: number) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from))
    for (let i = 0; i < bytes.length; i++) bytes[i] = ((from + i) * 2_654_435_761) >>> 13
    return bytes
  }
  return {
    size,
    slice: (from: number, to: number) => ({ arrayBuffer: async () => slice(from, to).buffer }),
    bytes: slice,
  }
}

async function openHouse(data = mkdtempSync(join(tmpdir(), "teahouse-files-")), port = 0, limits = {}) {
  const house = await startHouse({ data, port, stretching: cheap, logLevel: "silent", limits })
  undo.push(
    () => rmSync(data, { recursive: true, force: true }),
    () => house.stop(),
  )
  return { house, data }
}

async function friends(house: RunningHouse) {
  const [lilei, han] = [openPerson(house.url), openPerson(house.url)]
  undo.push(
    () => lilei.client.stop(),
    () => han.client.stop(),
  )
  await lilei.register("lilei")
  await han.register("hanmeimei")
  await lilei.must("requestFriend", { username: "hanmeimei", line: "hi" })
  const { incoming } = await han.until("contacts", undefined, (value) => value.incoming.length === 1)
  await han.must("acceptRequest", { id: incoming[0]?.id as Id })
  await lilei.chatWith("hanmeimei")
  const room = await han.chatWith("lilei")
  return { lilei, han, room }
}

const fileIn = (items: readonly TimelineItem[]): MessageItem | undefined =>
  items.find((item): item is MessageItem => item.type === "message" && item.body.kind === "file")

async function openIn(person: Person, room: Id) {
  const { items } = await person.timeline(room, (all) => fileIn(all)?.seq !== undefined)
  const item = fileIn(items) as MessageItem
  const opened = await person.must("openFile", { room, key: item.key, seq: item.seq as number })
  return { item, opened, id: opened.url.split("/").at(-1) as string }
}
async function readAll(person: Person, id: string, size: number): Promise<string> {
  const hash = createHash("sha256")
  for (let at = 0; at < size; ) {
    const part = await person.client.files.read(id, at, size)
    if (!part || part.length === 0) throw new Error(`nothing at ${at}`)
    hash.update(part)
    at += part.length
  }
  return hash.digest("hex")
}
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

describe("a file", () => {
  it("of 20 MB goes through a house that is restarted in between, and is read back, and sought in", async () => {
    const { house, data } = await openHouse()
    const { lilei, han, room } = await friends(house)
    const file = picked(20 * MiB + 12_345)
    const { keys } = await lilei.must("sendFiles", {
      room,
      files: [{ source: file, name: "../tea\u202egpj.exe", type: "video/mp4", caption: "看这个" }],
    })
    expect(keys.length).toBe(1)
    await lilei.must("send", { room, text: "after it" })
    // What is written after it does not wait for it.
    await han.timeline(room, (all) => all.some((item) => item.type === "message" && item.text === "after it"))
    await lilei.until("transfers", undefined, ({ transfers }) =>
      transfers.some((one) => one.state === "running" && one.progress > 0.2),
    )
    await house.stop()
    await openHouse(data, house.port)
    await lilei.until("transfers", undefined, ({ transfers }) => transfers.length === 0)
    const { item, opened, id } = await openIn(han, room)
    expect(item).toMatchObject({
      text: "看这个",
      body: { kind: "file", file: { name: "teagpj.exe", size: file.size, caption: "看这个" } },
    })
    expect(opened).toMatchObject({ inline: false, type: "application/octet-stream", size: file.size })
    const at = 13 * MiB + 7
    expect(await han.client.files.read(id, at, at + 1000)).toEqual(file.bytes(at, at + 1000))
    expect(await readAll(han, id, file.size)).toBe(hashOf(file.bytes(0, file.size)))
    expect((await han.client.files.read(id, file.size - 5, file.size + 99))?.length).toBe(5)
    expect(await han.client.files.read("A".repeat(22), 0, 10)).toBeUndefined()
    expect([lilei.bugs, han.bugs]).toEqual([[], []])

    // Seen once, it is here without the house; cleared, it is not.
    const { rooms } = await han.until("storage", undefined, (value) => value.rooms.length === 1)
    expect(rooms[0]).toMatchObject({ room, files: 1, title: "lilei" })
    expect(rooms[0]?.bytes).toBeGreaterThan(20 * MiB)
  }, 120_000)

  it("goes on after its client was closed, from what was encrypted, without the one who picked it", async () => {
    const { house } = await openHouse()
    const { han, room } = await friends(house)
    await han.client.stop()
    const disk = newDisk()
    // A line that takes one piece and then no more.
    let taken = 0
    const slow: typeof fetch = async (url, init) => {
      if (init?.method === "PATCH" && ++taken > 1) throw new Error("cut")
      return fetch(url, init)
    }
    const before = openPerson(house.url, disk, { fetch: slow })
    await before.signIn("hanmeimei")
    await before.chatWith("lilei")
    const file = picked(9 * MiB)
    await before.must("sendFiles", { room, files: [{ source: file, name: "茶.bin", type: "" }] })
    await before.until("transfers", undefined, () => taken > 1)
    await before.client.stop()
    const after = openPerson(house.url, disk)
    undo.push(() => after.client.stop())
    await after.timeline(room, (all) => fileIn(all)?.delivery === "sent")
    const { id } = await openIn(after, room)
    expect(await readAll(after, id, file.size)).toBe(hashOf(file.bytes(0, file.size)))
  }, 120_000)

  it("is safe when it is said to be sent: a reload at that moment loses nothing, and it answers what it was to answer", async () => {
    const { house } = await openHouse()
    const disk = newDisk()
    const [lilei, han] = [openPerson(house.url, disk), openPerson(house.url)]
    undo.push(() => han.client.stop())
    await lilei.register("lilei")
    await han.register("hanmeimei")
    const room = await befriend(lilei, "lilei", han, "hanmeimei")
    await han.say(room, "a picture?")
    const { items } = await lilei.timeline(room, (all) => textsOf(all).includes("a picture?"))
    const reply = items.findLast((item) => item.type === "message")?.seq as number
    const wait = (run: () => void) => setTimeout(run, 100)
    const slowly = (size: number) => {
      const { slice } = picked(size)
      const later = async (from: number, to: number) => {
        await new Promise<void>(wait)
        return slice(from, to).arrayBuffer()
      }
      return { size, slice: (from: number, to: number) => ({ arrayBuffer: () => later(from, to) }) }
    }
    const files = ["1.png", "2.png", "3.png"].map((name) => ({
      source: slowly(1000),
      name,
      type: "image/png",
    }))
    expect(await lilei.command("sendFiles", { room, files, reply: 999 })).toMatchObject({ ok: false })
    await lilei.must("sendFiles", { room, files, reply })
    await lilei.client.stop()
    const again = openPerson(house.url, disk)
    undo.push(() => again.client.stop())
    const sent = await han.timeline(room, (all) => textsOf(all).includes("3.png"))
    const answers = sent.items.flatMap((item) =>
      item.type === "message" && item.body.kind === "file" ? [[item.text, item.reply?.text]] : [],
    )
    expect(answers).toEqual([
      ["1.png", "a picture?"],
      ["2.png", undefined],
      ["3.png", undefined],
    ])
    expect([again.bugs, han.bugs]).toEqual([[], []])
  })

  it("is in the draft or in the chat, and never in both: a reload in the middle of it finds it in the draft", async () => {
    const { house } = await openHouse()
    const disk = newDisk()
    const [lilei, han] = [openPerson(house.url, disk), openPerson(house.url)]
    undo.push(() => han.client.stop())
    await lilei.register("lilei")
    await han.register("hanmeimei")
    const room = await befriend(lilei, "lilei", han, "hanmeimei")
    const kept = { ...{ id: "a", name: "a.png", type: "image/png" }, modified: 1, source: picked(1000) }
    await lilei.must("keepDraftFiles", { room, files: [kept], caption: "two", original: false })
    const shows = (one: Person, count: number) =>
      one.until("draftFiles", { room }, ({ files }) => files.length === count)
    await shows(lilei, 1)

    // More than a draft holds: it is said to be on its way at once.
    let breakOff = () => {}
    const never = new Promise<never>((_, failed) => {
      breakOff = () => failed(new Error("the page is gone"))
    })
    never.catch(() => {})
    const stuck = (size: number) => ({ size, slice: () => ({ arrayBuffer: () => never }) })
    const files = [
      { source: stuck(1000), name: "a.png", type: "image/png", draft: "a" },
      { source: stuck(65 * MiB), name: "film.mp4", type: "video/mp4", draft: "b" },
    ]
    await lilei.must("sendFiles", { room, files })
    await shows(lilei, 0)
    await lilei.must("dropDraftFiles", { room })
    const closed = lilei.client.stop()
    breakOff()
    await closed

    // What no draft has is named as what it is: lost.
    const again = openPerson(house.url, disk)
    undo.push(() => again.client.stop())
    const named = await again.timeline(room, (all) =>
      all.some((item) => item.type === "message" && item.error?.kind === "file_gone"),
    )
    const lost = named.items.filter((item) => item.type === "message" && item.error)
    expect(textsOf(lost)).toEqual(["film.mp4"])
    expect((await shows(again, 1)).caption).toBe("two")
    await again.timeline(room, (all) => !textsOf(all).includes("a.png"))
    await again.must("sendFiles", { room, files: [{ ...kept, draft: "a" }] })
    await shows(again, 0)
    await han.timeline(room, (all) => textsOf(all).includes("a.png"))
    expect([again.bugs, han.bugs]).toEqual([[], []])
  })

  it("goes along where several messages are forwarded as one, and stays when what it was forwarded from is recalled", async () => {
    const { house } = await openHouse(undefined, 0, { looseBlobMs: 0 })
    const { lilei, han, room } = await friends(house)
    const { rooms } = await han.until("roomList", undefined, (value) =>
      value.rooms.some((one) => one.kind === "self"),
    )
    const own = rooms.find((one) => one.kind === "self")?.room as Id
    // As large as one may be.
    const thumb = new Uint8Array(20_000)
    thumb.set(png(2, 2))
    const files = Array.from({ length: 8 }, (_, i) => ({
      source: picked(3000 + i),
      name: `${i}.png`,
      type: "image/png",
      media: { kind: "image" as const, width: 30, height: 20, thumb },
    }))
    await lilei.say(room, "eight of them")
    await lilei.must("sendFiles", { room, files })
    const { items } = await han.timeline(room, (all) => textsOf(all).includes("7.png"))
    const seqs = items.flatMap((item) => (item.type === "message" ? [item.seq as number] : []))
    await han.must("forward", { room, seqs, to: [own], bundled: true })
    const told = await han.timeline(own, (all) =>
      all.some((item) => item.type === "message" && item.body.kind === "bundle" && item.seq !== undefined),
    )
    const bundle = told.items.find((item) => item.type === "message" && item.body.kind === "bundle")
    if (bundle?.type !== "message" || bundle.body.kind !== "bundle") throw new Error("no bundle")
    const lines = bundle.body.bundle.items
    expect(lines.map((line) => [line.text, line.file?.size])).toEqual([
      ["eight of them", undefined],
      ...files.map(({ name, source }) => [name, source.size]),
    ])
    // One message has room for some small pictures, and the first of them have it.
    const small = lines.flatMap((line) => (line.file ? [line.file.media?.thumb] : []))
    expect(small).toEqual([true, true, true, true, true, true, false, false])

    for (const seq of seqs.slice(1)) await lilei.must("recall", { room, seq })
    await han.timeline(room, (all) => !textsOf(all).includes("7.png"))
    const at = (line: number) => ({ room: own, key: bundle.key, seq: bundle.seq as number, line })
    await han.must("clearFiles", {})
    for (const [i, { source }] of files.entries()) {
      const { url, size } = await han.must("openFile", at(i + 1))
      expect(size).toBe(source.size)
      expect(await readAll(han, url.split("/").at(-1) as string, size)).toBe(hashOf(source.bytes(0, size)))
    }
    expect((await han.must("filePreview", at(1))).thumb).toEqual(thumb)
    expect((await han.must("filePreview", at(8))).thumb).toBeNull()
    expect(await han.command("openFile", at(0))).toMatchObject({ error: { kind: "not_found" } })
    expect(await han.command("openFile", at(9))).toMatchObject({ error: { kind: "not_found" } })
    expect([lilei.bugs, han.bugs]).toEqual([[], []])
  }, 60_000)

  it("over the limit is refused before anything happens; cancelled, it leaves nothing behind", async () => {
    const { house, data } = await openHouse(undefined, 0, { fileBytes: 6 * MiB, userFileBytes: 8 * MiB })
    const { lilei, room } = await friends(house)
    const send = (size: number) =>
      lilei.command("sendFiles", { room, files: [{ source: picked(size), name: "a", type: "" }] })
    expect(await send(7 * MiB)).toMatchObject({ ok: false, error: { kind: "file_too_large" } })
    const { quota } = await lilei.until("quota", undefined, (value) => value.quota !== undefined)
    expect(quota).toEqual({ file: 6 * MiB, user: 8 * MiB, used: 0 })
    const sent = await send(5 * MiB)
    const key = sent.ok ? (sent.value.keys[0] as string) : ""
    await lilei.must("pauseUpload", { room, key })
    await lilei.until("transfers", undefined, ({ transfers }) => transfers[0]?.state === "paused")
    await lilei.must("cancelUpload", { room, key })
    await lilei.until("transfers", undefined, ({ transfers }) => transfers.length === 0)
    await lilei.until("storage", undefined, (value) => value.files === 0)
    const { items } = await lilei.timeline(room, () => true)
    expect(fileIn(items)).toBeUndefined()
    expect(await lilei.command("cancelUpload", { room, key })).toMatchObject({ ok: false })
    const blobs = join(data, "blobs")
    for (let i = 0; i < 100; i++) {
      const left = (() => {
        try {
          return readdirSync(blobs).flatMap((one) => readdirSync(join(blobs, one)))
        } catch {
          return []
        }
      })()
      if (left.length === 0) return
      await new Promise((done) => setTimeout(done, 50))
    }
    throw new Error("the house still has it")
  }, 60_000)

  it("for which there is no room any more half-way says so and stays, and goes when something else is gone", async () => {
    const limits = { fileBytes: 6 * MiB, userFileBytes: 8 * MiB, looseBlobMs: 0 }
    const { house } = await openHouse(undefined, 0, limits)
    const { lilei, han, room } = await friends(house)
    const send = (name: string) =>
      lilei.must("sendFiles", { room, files: [{ source: picked(5 * MiB), name, type: "" }] })
    // Both are allowed while neither has begun: where it counts is the house.
    await Promise.all([send("one"), send("two")])
    const { transfers } = await lilei.until(
      "transfers",
      undefined,
      (value) => value.transfers.length === 1 && value.transfers[0]?.state === "failed",
    )
    const failed = transfers[0] as (typeof transfers)[number]
    expect(failed.error).toEqual({ kind: "quota_exceeded" })
    const went = failed.name === "one" ? "two" : "one"
    const { item } = await openIn(han, room)
    expect(item.text).toBe(went)

    await lilei.must("recall", { room, seq: item.seq as number })
    await han.timeline(room, (all) => !textsOf(all).includes(went))
    await lilei.until("quota", undefined, (value) => value.quota?.used === 0)
    await lilei.must("resend", { room, key: failed.key })
    await han.timeline(room, (all) => textsOf(all).includes(failed.name))
    const { id, opened } = await openIn(han, room)
    expect(await readAll(han, id, opened.size)).toBe(hashOf(picked(5 * MiB).bytes(0, 5 * MiB)))
    expect([lilei.bugs, han.bugs]).toEqual([[], []])
  }, 60_000)

  it("that claims pixels without end is never a picture to who gets it, nor is its small picture", async () => {
    const { house } = await openHouse()
    const { lilei, han, room } = await friends(house)
    const send = async (name: string, side: number) => {
      const bytes = png(2, 2, [], { width: side, height: side })
      const slice = (from: number, to: number) => ({ arrayBuffer: async () => bytes.slice(from, to).buffer })
      const media = { kind: "image" as const, width: 30, height: 20, thumb: bytes }
      await lilei.must("sendFiles", {
        room,
        files: [{ source: { size: bytes.length, slice }, name, type: "image/png", media }],
      })
      const { items } = await han.timeline(room, (all) => textsOf(all).includes(name))
      const item = items.find((one) => one.type === "message" && one.text === name) as MessageItem
      const at = { room, key: item.key, seq: item.seq as number }
      const { inline, type } = await han.must("openFile", at)
      const { thumb } = await han.must("filePreview", at)
      return [inline, type, thumb === null ? null : thumb.length === bytes.length]
    }
    expect(await send("honest.png", 300)).toEqual([true, "image/png", true])
    expect(await send("bomb.png", 60_000)).toEqual([false, "application/octet-stream", null])
    expect([lilei.bugs, han.bugs]).toEqual([[], []])
  }, 60_000)
})
