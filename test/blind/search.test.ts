/** The search finds what was planted, in every form and place: only then does finding nothing mean something. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { expect, test } from "vitest"
import { readConnection } from "./received.ts"
import { forms, search } from "./search.ts"
import { storedFiles, storedValues } from "./stored.ts"

const words = ["今晚老地方见", "meet me at nine"]
const finds = (bytes: Uint8Array) => search([["here", bytes]], words).map((find) => find.word)

test.each(words)("%s is found in every form", (word) => {
  for (const needle of forms(word).values())
    expect(finds(Buffer.concat([Buffer.from("before "), needle, Buffer.from(" after")]))).toContain(word)
})

test.each(["base64", "base64url"] as const)("inside %s, wherever it begins", (encoding) => {
  for (const word of words)
    for (let before = 0; before < 9; before++) {
      const text = Buffer.from(`${"x".repeat(before)}${word}yz`).toString(encoding)
      expect(finds(Buffer.from(`{"sealed":"${text}"}`))).toContain(word)
    }
})

test("nothing is found where nothing is", () => {
  expect(finds(Buffer.from("今晚老地方 meet me at ten"))).toEqual([])
  expect(finds(crypto.getRandomValues(new Uint8Array(60_000)))).toEqual([])
})

/** A client's frame, masked. */
function frame(payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255]
  return Buffer.concat([
    Uint8Array.from([0x82, ...length]),
    mask,
    payload.map((b, i) => b ^ (mask[i & 3] ?? 0)),
  ])
}

test("requests and masked frames are taken apart", () => {
  const mask = Uint8Array.of(1, 2, 3, 4)
  const long = new Uint8Array(300).fill(7)
  const bytes = Buffer.concat([
    Buffer.from("POST /api/a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"),
    Buffer.from("GET /api/socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
    frame(Buffer.from(words[1] ?? ""), mask),
    frame(long, mask),
  ])
  expect(search([["wire", bytes]], words)).toEqual([])
  // However the bytes were cut on the way.
  const { heads, bodies, frames } = readConnection([
    bytes.subarray(0, 7),
    bytes.subarray(7, 90),
    bytes.subarray(90),
  ])
  expect(heads).toHaveLength(2)
  expect(bodies.map((body) => new TextDecoder().decode(body))).toEqual(["hello"])
  expect(frames.map((f) => f.length)).toEqual([words[1]?.length, 300])
  expect(
    search(
      frames.map((f) => ["frame", f] as const),
      words,
    ),
  ).toHaveLength(1)
  expect(() =>
    readConnection([Buffer.from("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")]),
  ).toThrow("encoded")
})

test("a database gives up every value and every file", () => {
  const data = mkdtempSync(join(tmpdir(), "teahouse-blind-"))
  try {
    const path = join(data, "house.db")
    const db = new DatabaseSync(path)
    db.exec("create table entry (body blob, note text)")
    // Long enough to be cut into pages somewhere in the middle of a word.
    const long = Buffer.from((words[0] ?? "").repeat(1000))
    db.prepare("insert into entry values (?, ?)").run(long, Buffer.from(words[1] ?? "").toString("base64"))
    db.close()
    expect(search(storedValues(path), words)).toEqual([
      { word: words[0], form: "UTF-8", where: "entry.body" },
      { word: words[1], form: "base64 after 0", where: "entry.note" },
      { word: words[1], form: "base64url after 0", where: "entry.note" },
    ])
    expect(new Set(search(storedFiles(data), words).map((find) => find.where))).toEqual(
      new Set(["file house.db"]),
    )
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
})
