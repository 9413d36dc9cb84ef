import { utf8 } from "@teahouse/protocol/bytes.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { BUNDLE_MAX, TITLE_MAX } from "../content/bundle.ts"
import { bundlesOf } from "./bundles.ts"

const line = (text: string, more: object = {}) => ({ at: 1_711_375_380_000, from: "Li Lei", text, ...more })

test("a hundred lines each, in order, with the files of each after it", () => {
  const lines = Array.from({ length: 250 }, (_, i) =>
    line(String(i), i === 120 ? { file: { name: "a.jpg", path: "photos/a.jpg" } } : {}),
  )
  const made = bundlesOf({ name: "Tea", lines })
  expect(made.map(({ lines, upTo, files }) => [lines.length, upTo, files.length])).toEqual([
    [BUNDLE_MAX, 100, 0],
    [BUNDLE_MAX, 200, 1],
    [50, 250, 0],
  ])
  expect(made[1]?.lines[20]?.text).toBe("📎 a.jpg\n120")
})

test("whatever an export holds fits into messages, and all of it is there", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.nat({ max: 200_000 }).map((n) => "茶🍵".repeat(n / 2)),
  )
  fc.assert(
    fc.property(
      fc.array(fc.record({ text, from: fc.string({ maxLength: 90 }) }), { maxLength: 30 }),
      (lines) => {
        const made = bundlesOf({ name: "T".repeat(300), lines: lines.map((one) => ({ ...one, at: 1 })) })
        const kept = made.flatMap((one) => one.lines.map((item) => item.text)).join("")
        expect(kept).toBe(lines.map((one) => one.text).join(""))
        for (const { title, lines: items } of made) {
          expect(title.length).toBeLessThanOrEqual(TITLE_MAX)
          expect(items.length).toBeLessThanOrEqual(BUNDLE_MAX)
          expect(utf8(JSON.stringify(items)).length).toBeLessThan(250 * 1024)
          // No half of a character at either end.
          for (const { text: one } of items) expect(one.isWellFormed()).toBe(true)
        }
        expect(made.at(-1)?.upTo ?? 0).toBe(lines.length)
      },
    ),
    { numRuns: 30 },
  )
})
