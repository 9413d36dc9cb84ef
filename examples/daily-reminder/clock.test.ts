import fc from "fast-check"
import { expect, test } from "vitest"
import { msUntil } from "./clock.ts"

const now = new Date(2026, 2, 14, 8, 59, 30)

test("today where the time is still to come, tomorrow where it is over or just now", () => {
  expect(msUntil("09:00", now)).toBe(30_000)
  expect(msUntil("08:59:31", now)).toBe(1_000)
  expect(msUntil("07:00, 09:00,10:00", now)).toBe(30_000)
  const tomorrow = new Date(2026, 2, 15, 8, 59, 30).getTime() - now.getTime()
  expect(msUntil("08:59:30", now)).toBe(tomorrow)
})

test("what is no time", () => {
  for (const text of ["", "9:00", "24:00", "09:60", "09:00:60", "09:00 pm", "now", "09:00,", "09:00 10:00"])
    expect(msUntil(text, now)).toBeUndefined()
})

test("it is always within a day, give or take the hour by which clocks change", () => {
  const days = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 23 }), (day, hour) => {
      const ms = msUntil(`${String(hour).padStart(2, "0")}:30`, day) as number
      return ms > 0 && ms <= 25 * 3_600_000
    }),
  )
})
