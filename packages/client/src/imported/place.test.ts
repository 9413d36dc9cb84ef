import fc from "fast-check"
import { expect, test } from "vitest"
import { SEGMENT } from "../history/history.ts"
import { actsOnImported, IMPORT_LINES, isImported, shownSeq, storedSeq, stretchFor } from "./place.ts"

const mark = fc.uint8Array({ minLength: 32, maxLength: 32 })
const time = fc.integer({ min: 0, max: Date.UTC(2085, 0, 1) })

test("stretches never overlap, stand in the order of their first hours, and are numbers that a computer counts exactly", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(time, mark), { maxLength: 40 }), (all) => {
      const made: { at: number; base: number }[] = []
      for (const [at, bytes] of all)
        made.push({ at, base: stretchFor(at, bytes, (base) => made.some((one) => one.base === base)) })
      for (const { at, base } of made) {
        const [first, last] = [base * SEGMENT, base * SEGMENT + IMPORT_LINES - 1]
        expect(Number.isSafeInteger(last)).toBe(true)
        expect([isImported(shownSeq(first)), isImported(shownSeq(last))]).toEqual([true, true])
        expect(storedSeq(shownSeq(last))).toBe(last)
        for (const other of made) {
          if (other.base === base) continue
          expect(Math.abs(other.base - base) * SEGMENT).toBeGreaterThanOrEqual(IMPORT_LINES)
          if (at + 3_600_000 <= other.at) expect(base).toBeLessThan(other.base)
        }
      }
      expect(new Set(made.map(({ base }) => base)).size).toBe(made.length)
    }),
  )
})

test("the same export has the same stretch on every device", () => {
  fc.assert(
    fc.property(time, mark, (at, bytes) => {
      expect(stretchFor(at, bytes, () => false)).toBe(stretchFor(at, bytes, () => false))
    }),
  )
})

test("nothing is done to an imported line, whatever names it; its file may be opened", () => {
  for (const args of [{ seq: -5 }, { seqs: [7, -5] }, { reply: -1 }, { edit: -2 }])
    expect(actsOnImported("react", args)).toBe(true)
  for (const args of [{ seq: 5 }, { seqs: [1] }, undefined, null, { reply: null }])
    expect(actsOnImported("react", args)).toBe(false)
  expect(actsOnImported("openFile", { seq: -5 })).toBe(false)
})
