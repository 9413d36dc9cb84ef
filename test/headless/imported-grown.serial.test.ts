/** An export that has grown, by the side of the one that was imported before; its pictures among those of the chat; one deleted. */
import { runImport } from "@teahouse/client/import/run.ts"
import { readTelegram } from "@teahouse/client/import/telegram.ts"
import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { beforeEach, expect, test } from "vitest"
import { houseForEach } from "./house-for-each.ts"
import type { Person } from "./person.ts"

const { person } = houseForEach()
let lan: Person
beforeEach(async () => {
  lan = person({ trusted: true })
  await lan.register("lan")
})

const AT = 1_500_000_000
/** A picture at every hundredth message. */
const telegram = (from: number, to: number) => ({
  ...{ name: "Old tea", type: "personal_chat", id: 1 },
  messages: Array.from({ length: to - from }, (_, n) => ({
    ...{ id: from + n, type: "message", date_unixtime: String(AT + (from + n) * 600), from: "Li Lei" },
    text: `cup ${from + n}`,
    ...((from + n) % 100 === 99 ? { photo: `photos/${from + n}.png` } : {}),
  })),
})

async function take(room: Id, value: unknown) {
  const read = readTelegram(value)
  if (!read.ok) throw new Error(read.error)
  const bytes = png(48, 32)
  const source = {
    size: bytes.length,
    slice: (from: number, to: number) => new Blob([bytes]).slice(from, to),
  }
  const media = { kind: "image", width: 48, height: 32 } as const
  return runImport(
    read.value,
    { room, self: room, source: "telegram" },
    {
      ...{ must: lan.must, sent: { get: () => undefined, set: () => {} }, progress: () => {} },
      stopped: () => false,
      file: async (_, name) => ({ source, name, type: "image/png", media }),
      async stored(where, key) {
        const is = (item: { key: string; seq?: number }) => item.key === key && item.seq !== undefined
        return (await lan.timeline(where, (items) => items.some(is))).items.find(is)?.seq
      },
    },
  )
}
const selfRoom = async () => {
  const { rooms } = await lan.until("roomList", undefined, (value) =>
    value.rooms.some((one) => one.kind === "self"),
  )
  return rooms.find(({ kind }) => kind === "self")?.room as Id
}
async function wholeOf(room: Id): Promise<MessageItem[]> {
  const { pass } = await lan.must("beginExport", {})
  const items: MessageItem[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: Awaited<ReturnType<typeof lan.must<"exportPage">>> = await lan.must("exportPage", {
      ...{ pass, room, after, limit: 200 },
    })
    items.push(
      ...page.items.filter((item): item is MessageItem => item.type === "message" && item.imported === true),
    )
    after = page.next
  }
  return items
}
const cups = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `cup ${from + n}`)

test("old lines are not there twice, pictures stand among the chat's, and each import is listed and deleted by itself", async () => {
  const room = await selfRoom()
  expect(await take(room, telegram(0, 400))).toMatchObject({ messages: 400, before: 0, files: 4 })
  expect(await take(room, telegram(0, 600))).toMatchObject({ messages: 200, before: 400, files: 2 })
  // Of a longer history the last part, and the same again.
  expect(await take(room, telegram(300, 700))).toMatchObject({ messages: 100, before: 300, files: 1 })
  expect(await take(room, telegram(300, 700))).toMatchObject({ messages: 0, before: 400, files: 0 })
  expect((await wholeOf(room)).map(({ text }) => text)).toEqual(cups(0, 700))

  // Newest last: those that were sent into the chat with oneself, and before them those of the lines.
  const pictures = async (around: "end" | number, limit: number) => {
    const { items, atStart, atEnd } = await lan.until(
      "media",
      { room, what: "visual", around, limit },
      () => true,
    )
    return { texts: items.map(({ seq = 0, text }) => (seq < 0 ? text : "sent")), atStart, atEnd, items }
  }
  const lines = cups(0, 700).filter((_, n) => n % 100 === 99)
  const sent = lines.map(() => "sent")
  expect(await pictures("end", 30)).toMatchObject({ texts: [...lines, ...sent], atStart: true, atEnd: true })
  expect(await pictures("end", 9)).toMatchObject({ texts: [...lines.slice(-2), ...sent], atStart: false })
  const third = (await pictures("end", 30)).items[2]?.seq as number
  expect(await pictures(third, 4)).toMatchObject({ texts: lines.slice(0, 4), atStart: true, atEnd: false })
  expect(await pictures(third, 30)).toMatchObject({ texts: [...lines, ...sent], atStart: true, atEnd: true })
  const { url } = await lan.must("openFile", { room, key: "", seq: third })
  expect(await lan.client.files.read(url.split("/").at(-1) ?? "", 0, 8)).toEqual(png(48, 32).slice(0, 8))

  const { imports } = await lan.must("ownImports", {})
  expect(imports.map(({ title, lines: count, room: where }) => [title, count, where])).toEqual([
    ["Old tea", 400, room],
    ["Old tea", 200, room],
    ["Old tea", 100, room],
  ])
  await lan.must("dropImport", { room, import: imports[0]?.digest as Uint8Array })
  expect((await wholeOf(room)).map(({ text }) => text)).toEqual(cups(400, 700))
  expect((await lan.must("ownImports", {})).imports).toHaveLength(2)
  // What was deleted comes again where it stood; the rest is not doubled by it.
  expect(await take(room, telegram(0, 700))).toMatchObject({ messages: 400, before: 300 })
  expect((await wholeOf(room)).map(({ text }) => text)).toEqual(cups(0, 700))
})
