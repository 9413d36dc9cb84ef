import { describe, expect, test } from "vitest"
import { MAX_RECENT, readHabits, used } from "./habits.ts"

describe("UX 31: recent emoji and skin tone", () => {
  test("the last one used comes first, each once, not for ever", () => {
    let habits = readHabits(null)
    for (let n = 0; n < 50; n++) habits = used(habits, `${n}`)
    habits = used(habits, "45")
    expect(habits.recent.slice(0, 3)).toEqual(["45", "49", "48"])
    expect(habits.recent).toHaveLength(MAX_RECENT)
  })
  test("what is stored and makes no sense is as if nothing were", () => {
    for (const stored of ["", "{", "null", "[]", '{"recent":5,"tone":9}', '{"recent":[1],"tone":"2"}'])
      expect(readHabits(stored)).toEqual({ recent: [], tone: 0 })
  })
})
