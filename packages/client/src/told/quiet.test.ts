import { describe, expect, it } from "vitest"
import { clockMinute, clockText, isQuiet } from "./quiet.ts"

const hours = (quietFrom: number, quietTo: number) =>
  ({ quiet: "hours", quietFrom, quietTo, hideContent: false }) as const

describe("quiet hours", () => {
  it("lie within a day, without the minute in which they end", () => {
    const lunch = hours(720, 780)
    expect([719, 720, 779, 780].map((minute) => isQuiet(lunch, minute))).toEqual([false, true, true, false])
  })
  it("may reach over midnight", () => {
    const night = hours(22 * 60, 8 * 60)
    expect([1319, 1320, 0, 479, 480].map((minute) => isQuiet(night, minute))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
  })
  it("that begin when they end are the whole day", () => {
    expect(isQuiet(hours(60, 60), 0)).toBe(true)
  })
  it("count only where they are chosen", () => {
    expect(isQuiet({ ...hours(0, 1439), quiet: "off" }, 5)).toBe(false)
    expect(isQuiet({ ...hours(0, 1), quiet: "on" }, 700)).toBe(true)
  })
  it("are written as a clock writes them; half a time is none", () => {
    expect([0, 485, 1439].map(clockText)).toEqual(["00:00", "08:05", "23:59"])
    expect(["00:00", "08:05", "23:59", "", "8:05", "24:00"].map(clockMinute)).toEqual([
      0,
      485,
      1439,
      undefined,
      undefined,
      undefined,
    ])
  })
})
