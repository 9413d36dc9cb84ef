/** Exports of other programs, in every manner that is known, and in none. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { insidePath } from "./record.ts"
import { readTelegram } from "./telegram.ts"
import { type LocalTime, readWhatsApp } from "./whatsapp.ts"

const utc: LocalTime = (y, mo, d, h, mi, s) => Date.UTC(y, mo - 1, d, h, mi, s)
const whatsApp = (text: string) => {
  const read = readWhatsApp(text, "Tea", utc)
  if (!read.ok) throw new Error(read.error)
  return { ...read.value, lines: read.value.chats[0]?.lines ?? [] }
}
const AT = Date.UTC(2024, 2, 25, 14, 3, 0)

describe("a time in any manner", () => {
  test.each([
    ["iOS, zh", "[2024/3/25 14:03:00] 韩梅梅: 喝茶吗？"],
    ["iOS, zh, 12 hours", "[2024/3/25 下午2:03:00] 韩梅梅: 喝茶吗？"],
    ["iOS, en-US", "[3/25/24, 2:03:00\u202fPM] 韩梅梅: 喝茶吗？"],
    ["iOS, en-GB, with a mark of direction", "\u200e[25/03/2024, 14:03:00] 韩梅梅: 喝茶吗？"],
    ["iOS, de", "[25.03.24, 14:03:00] 韩梅梅: 喝茶吗？"],
    ["Android, zh", "2024/3/25 14:03 - 韩梅梅: 喝茶吗？"],
    ["Android, zh, 12 hours", "2024/3/25 下午2:03 - 韩梅梅: 喝茶吗？"],
    ["Android, zh, in words", "2024年3月25日 下午2:03 - 韩梅梅: 喝茶吗？"],
    ["Android, en-US", "3/25/24, 2:03 PM - 韩梅梅: 喝茶吗？"],
    ["Android, en-GB", "25/03/2024, 14:03 - 韩梅梅: 喝茶吗？"],
    ["Android, en-IN", "25/03/24, 2:03 pm - 韩梅梅: 喝茶吗？"],
    ["ISO-like", "2024-03-25, 14:03 - 韩梅梅: 喝茶吗？"],
  ])("%s", (_, line) => {
    expect(whatsApp(line)).toMatchObject({
      lines: [{ at: AT, from: "韩梅梅", text: "喝茶吗？" }],
      unread: [],
    })
  })

  test("midnight and noon", () => {
    const hours = (words: string) =>
      new Date(whatsApp(`[2024/3/25 ${words}] a: b`).lines[0]?.at ?? 0).getUTCHours()
    expect(["12:05:00 AM", "12:05:00 PM", "上午12:05:00", "下午12:05:00"].map(hours)).toEqual([0, 12, 0, 12])
  })
})

test("which is the month is found from the whole export, and said where nothing tells", () => {
  const export_ = (...dates: string[]) =>
    whatsApp(dates.map((date) => `${date}, 10:00 - a: b`).join("\n")).dates
  expect(export_("03/04/2024", "25/04/2024")).toEqual({ order: "dmy", sure: true })
  expect(export_("03/04/2024", "04/25/2024")).toEqual({ order: "mdy", sure: true })
  // In days and months alike, but only one goes forward.
  expect(export_("11/02/2024", "12/02/2024", "01/03/2024")).toEqual({ order: "dmy", sure: true })
  expect(export_("03/04/2024")?.sure).toBe(false)
})

test("messages of several lines, lines of the program itself, files that are there and that are not", () => {
  const read = whatsApp(
    [
      "[25/03/2024, 14:03:00] Tea: \u200eMessages and calls are end-to-end encrypted.",
      "[25/03/2024, 14:03:01] \u200eLi Lei created this group",
      "[25/03/2024, 14:03:02] Li Lei: one",
      "two: with a colon",
      "",
      "three",
      "[25/03/2024, 14:03:03] Li Lei: \u200e<attached: 00000012-PHOTO-2024-03-25.jpg>",
      "[25/03/2024, 14:03:04] Li Lei: \u200eimage omitted",
      "[25/03/2024, 14:03:05] Li Lei: <attached: ../../secret>",
      "",
    ].join("\r\n"),
  )
  expect(read.lines.map(({ from, text, file }) => [from, text, file])).toEqual([
    ["Tea", "Messages and calls are end-to-end encrypted.", undefined],
    ["", "Li Lei created this group", undefined],
    ["Li Lei", "one\ntwo: with a colon\n\nthree", undefined],
    ["Li Lei", "", { name: "00000012-PHOTO-2024-03-25.jpg", path: "00000012-PHOTO-2024-03-25.jpg" }],
    ["Li Lei", "", { name: "file" }],
    ["Li Lei", "", { name: "file" }],
  ])
  expect(read.unread.map(({ where, why }) => [where, why])).toEqual([
    ["line 8", "file_not_included"],
    ["line 9", "bad_path"],
  ])
  const android = whatsApp(
    "25/03/2024, 14:03 - a: IMG-1.jpg (file attached)\nlook\n25/03/2024, 14:04 - a: <Media omitted>\n25/03/2024, 14:05 - a: 图片.png（文件附件）",
  )
  expect(android.lines.map(({ text, file }) => [text, file?.path])).toEqual([
    ["look", "IMG-1.jpg"],
    ["", undefined],
    ["", "图片.png"],
  ])
})

test("what stands before the first message, and a date that is none, is said", () => {
  const read = whatsApp(
    "notes of mine\n25/03/2024, 14:03 - a: b\n41/13/2024, 14:03 - a: c\n26/03/2024, 14:03 - a: d",
  )
  expect(read.lines.map(({ text }) => text)).toEqual(["b", "d"])
  expect(read.unread).toEqual([
    { chat: "Tea", where: "line 1", why: "not_a_message" },
    { chat: "Tea", where: "line 3", why: "no_time" },
  ])
})

test("a text without one message is no export", () => {
  for (const text of ["", "hello", "[25/03/2024] a: b", "99:99 - a: b"])
    expect(readWhatsApp(text, "Tea", utc)).toEqual({ ok: false, error: "not_an_export" })
})

test("whatever was written comes out as it was written, and nothing is lost on the way", () => {
  const word = fc.stringMatching(/^[\p{L}\p{N} ,.!?]{0,30}$/u).map((text) => text.trim())
  const name = fc.stringMatching(/^[A-Za-z\u4e00-\u9fff]{1,12}$/u)
  const message = fc.record({ name, words: fc.array(word, { minLength: 1, maxLength: 3 }) })
  const noise = fc.array(fc.constantFrom("\u0000", "…", "{}", "\u202e", "[", "]"), { maxLength: 3 })
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 20 }), noise, (messages, more) => {
      const said = messages.map(({ words }) => words.join("\n").trimEnd())
      // Who writes a line that looks like a message of its own cannot be told from one.
      const lines = messages.map(
        ({ name }, i) => `[2024/3/25 14:03:${String(i).padStart(2, "0")}] ${name}: ${said[i]}`,
      )
      const read = whatsApp([...more, ...lines].join("\n"))
      expect(read.lines.map(({ from, text }) => [from, text])).toEqual(
        messages.map(({ name }, i) => [name, said[i]]),
      )
      expect(read.unread.every(({ why }) => why === "not_a_message")).toBe(true)
    }),
  )
})

test("no text and no JSON throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readWhatsApp(text, "x", utc)))
  fc.assert(fc.property(fc.jsonValue(), (value) => void readTelegram(value)))
  const odd = fc.dictionary(
    fc.constantFrom("id", "type", "date", "date_unixtime", "text", "photo", "file", "poll", "from"),
    fc.jsonValue(),
  )
  fc.assert(
    fc.property(fc.array(odd), (messages) => {
      const read = readTelegram({ name: "x", messages })
      if (!read.ok) throw new Error(read.error)
      // Every one of them is a line, or is said; a file that is missing is said besides.
      const kept = read.value.chats[0]?.lines.length ?? 0
      const whole = new Set<string>(["file_not_included", "bad_path"])
      expect(kept + read.value.unread.filter(({ why }) => !whole.has(why)).length).toBe(messages.length)
    }),
  )
})

describe("Telegram", () => {
  const message = (more: object) => ({
    ...{
      id: 7,
      type: "message",
      date: "2024-03-25T14:03:00",
      date_unixtime: "1711375380",
      from: "Han Meimei",
    },
    ...more,
  })
  const chat = (...messages: unknown[]) => ({ name: "Tea", type: "personal_chat", id: 1, messages })
  const read = (value: unknown) => {
    const result = readTelegram(value)
    if (!result.ok) throw new Error(result.error)
    return result.value
  }

  test("texts of pieces, forwards, polls, files, the program's own lines", () => {
    const { chats, unread } = read(
      chat(
        message({ text: "喝茶吗？" }),
        message({
          text: ["see ", { type: "link", text: "https://example.org" }, "!"],
          forwarded_from: "Lin",
        }),
        message({ text: "", poll: { question: "When?", answers: [{ text: "3" }, { text: "4" }] } }),
        message({ text: "look", photo: "photos/photo_1.jpg" }),
        message({ text: "", file: "files/a.pdf", file_name: "茶.pdf" }),
        { id: 1, type: "service", date_unixtime: "1711375380", actor: "Lin", action: "pin_message" },
      ),
    )
    expect(unread).toEqual([])
    expect(chats[0]?.lines.map(({ text, file }) => [text, file])).toEqual([
      ["喝茶吗？", undefined],
      ["↪ Lin\nsee https://example.org!", undefined],
      ["When?\n○ 3\n○ 4", undefined],
      ["look", { name: "photo_1.jpg", path: "photos/photo_1.jpg" }],
      ["", { name: "茶.pdf", path: "files/a.pdf" }],
      ["Lin · pin message", undefined],
    ])
    expect(chats[0]?.lines[0]).toMatchObject({ at: 1_711_375_380_000, from: "Han Meimei" })
  })

  test("what cannot be read is said, one by one", () => {
    const { chats, unread } = read(
      chat(
        "x",
        message({ text: "", date: "never", date_unixtime: undefined }),
        message({ type: "hologram", text: "a" }),
        message({ text: "" }),
        message({ text: "a", photo: "(File not included. Change data exporting settings to download.)" }),
        message({ text: "b", file: "../../secret" }),
      ),
    )
    expect(unread.map(({ why }) => why)).toEqual([
      ...["not_a_message", "no_time", "unknown_kind", "unknown_kind", "file_not_included", "bad_path"],
    ])
    expect(chats[0]?.lines.map(({ text }) => text)).toEqual(["a", "b"])
  })

  test("all chats, and what is no export", () => {
    const all = {
      about: "…",
      chats: { list: [chat(message({ text: "a" })), 7] },
      left_chats: { list: [chat()] },
    }
    expect(read(all)).toMatchObject({
      chats: [{ lines: [{ text: "a" }] }, { lines: [] }],
      unread: [{ where: "chat 2", why: "not_a_message" }],
    })
    for (const value of [null, [], {}, "x", { messages: {} }, { chats: [] }])
      expect(readTelegram(value)).toEqual({ ok: false, error: "not_an_export" })
  })
})

test("a path stays inside of the export", () => {
  expect(insidePath("photos\\a.jpg")).toBe("photos/a.jpg")
  for (const path of ["", "..", "../a", "a/../b", "/etc/passwd", "C:/a", "C:\\a", "a//b", "./a", "a\0b"])
    expect(insidePath(path)).toBeUndefined()
})
