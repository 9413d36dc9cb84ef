/** Exports that have grown. */
import { concat } from "@teahouse/protocol/bytes.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { newLines } from "./grown.ts"
import { lineKey } from "./line-key.ts"
import { keptLines } from "./lines.ts"
import type { ImportedLine } from "./record.ts"

const chat = (lines: readonly ImportedLine[]) => ({ name: "Tea", lines })
/** As they stand in the chat. `has`: which of its files the export really held. */
const stored = (lines: readonly ImportedLine[], has = (_: string) => true) =>
  concat(
    ...[...keptLines(chat(lines))].map((line) => {
      const held = line.path !== undefined && has(line.path)
      const text =
        line.path !== undefined && !held
          ? [`📎 ${line.fileName}`, line.text].filter(Boolean).join("\n")
          : line.text
      return lineKey({ ...line, text }, held)
    }),
  )
const isThere = async () => true
const said = fc.record({
  at: fc.nat(3),
  from: fc.constantFrom("Li", "Han"),
  text: fc.constantFrom("a", "b", ""),
})
const photo: ImportedLine = { at: 5, from: "Li", text: "look", file: { name: "a.jpg", path: "a.jpg" } }
const nameless: ImportedLine = { at: 5, from: "Li", text: "look", file: { name: "file" } }

test("what has been added is the rest, alike lines are counted, and the same again is nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(said), fc.array(said), async (old, added) => {
      const { rest, known } = await newLines(chat([...old, ...added]), stored(old), isThere)
      expect(rest.lines).toEqual(added)
      expect(known).toBe(old.length)
      const again = await newLines(chat([...old, ...added]), concat(stored(old), stored(rest.lines)), isThere)
      expect(again).toMatchObject({ known: old.length + added.length, rest: { lines: [] } })
    }),
  )
})

test("an export that begins later, as a telephone gives the last so many, adds only what is new", async () => {
  const line = (n: number): ImportedLine => ({ at: n, from: "Li", text: String(n) })
  const old = Array.from({ length: 50 }, (_, n) => line(n))
  const next = Array.from({ length: 50 }, (_, n) => line(n + 30))
  const { rest } = await newLines(chat(next), stored(old), isThere)
  expect(rest.lines.map(({ at }) => at)).toEqual(Array.from({ length: 30 }, (_, n) => n + 50))
})

test("a picture that was missing and has come is a new line; one that is missing again, or still, is none", async () => {
  const count = async (next: ImportedLine, before: Uint8Array, there = true) =>
    (await newLines(chat([next]), before, async () => there)).rest.lines.length
  expect(await count(photo, stored([nameless]))).toBe(1)
  expect(await count(photo, stored([nameless]), false)).toBe(0)
  expect(
    await count(
      photo,
      stored([photo], () => false),
    ),
  ).toBe(1)
  expect(
    await count(
      photo,
      stored([photo], () => false),
      false,
    ),
  ).toBe(0)
  expect(await count(photo, stored([photo]))).toBe(0)
  expect(await count(nameless, stored([photo]))).toBe(0)
  // Words that only look alike are words.
  expect(await count({ at: 5, from: "Li", text: "look" }, stored([photo]))).toBe(1)
})
