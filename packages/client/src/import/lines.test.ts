import fc from "fast-check"
import { expect, test } from "vitest"
import { SEGMENT } from "../history/history.ts"
import { blocks, keptLines, LINE_MAX, measured, TITLE_MAX } from "./lines.ts"

const line = (text: string, more: object = {}) => ({ at: 1_711_375_380_000, from: "Li Lei", text, ...more })

test("256 lines to a block, in the order of the export; a file that the export lacks is named", () => {
  const lines = Array.from({ length: 600 }, (_, i) =>
    line(
      String(i),
      i === 300
        ? { file: { name: "a.jpg", path: "photos/a.jpg" } }
        : i === 301
          ? { file: { name: "b.jpg" } }
          : {},
    ),
  )
  const made = [...blocks({ name: "Tea", lines })]
  expect(made.map((one) => one.length)).toEqual([SEGMENT, SEGMENT, 88])
  expect(made[1]?.[300 - SEGMENT]).toMatchObject({ text: "300", path: "photos/a.jpg", fileName: "a.jpg" })
  expect(made[1]?.[301 - SEGMENT]?.text).toBe("📎 b.jpg\n301")
})

test("whatever an export holds is kept whole, in order and within bounds, and the same is the same import", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.nat({ max: 60_000 }).map((n) => "茶🍵".repeat(n / 2)),
  )
  fc.assert(
    fc.property(
      fc.array(fc.record({ text, from: fc.string({ maxLength: 90 }) }), { maxLength: 30 }),
      (lines) => {
        const chat = { name: "T".repeat(300), lines: lines.map((one, i) => ({ ...one, at: 1 + i })) }
        const kept = [...keptLines(chat)]
        expect(kept.map((one) => one.text).join("")).toBe(lines.map((one) => one.text).join(""))
        expect(kept.map((one) => one.at)).toEqual(kept.map((one) => one.at).toSorted((a, b) => a - b))
        for (const one of kept) {
          expect(one.text.length).toBeLessThanOrEqual(LINE_MAX)
          expect([one.text.isWellFormed(), one.name.length <= 64]).toEqual([true, true])
        }
        const about = measured("telegram", chat)
        expect(about).toEqual(measured("telegram", structuredClone(chat)))
        expect([about.title.length, about.lines]).toEqual([TITLE_MAX, kept.length])
        // Anything else is another one.
        const more = { ...chat, lines: [...chat.lines, { at: 99, from: "", text: "x" }] }
        for (const other of [measured("whatsapp", chat), measured("telegram", more)])
          expect(other.digest).not.toEqual(about.digest)
      },
    ),
    { numRuns: 30 },
  )
})
