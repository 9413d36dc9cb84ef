import { describe, expect, it } from "vitest"
import { rowTime, separator, type TimeStyle } from "./time.ts"

const zh: TimeStyle = { language: "zh-CN", locale: "zh-CN", timeZone: "Asia/Shanghai" }
const en: TimeStyle = { language: "en", locale: "en-US", timeZone: "Asia/Shanghai" }
const at = (text: string) => Date.parse(`${text}+08:00`)
/** A Friday. */
const now = at("2025-06-13T09:30:00")

describe("times", () => {
  it.each([
    ["2025-06-13T08:05:00", "08:05", "8:05 AM"],
    ["2025-06-12T14:05:00", "昨天 14:05", "Yesterday 2:05 PM"],
    ["2025-06-11T14:05:00", "星期三 14:05", "Wednesday 2:05 PM"],
    ["2025-06-06T14:05:00", "6月6日 14:05", "June 6 2:05 PM"],
    ["2025-05-03T14:05:00", "5月3日 14:05", "May 3 2:05 PM"],
    ["2024-12-31T14:05:00", "2024年12月31日", "December 31, 2024"],
  ])("%s", (text, chinese, english) => {
    expect(separator(at(text), now, zh)).toBe(chinese)
    expect(separator(at(text), now, en).replaceAll("\u202f", " ")).toBe(english)
  })

  it("midnight is counted in the person's own zone", () => {
    const late = at("2025-06-12T23:59:00")
    expect(separator(late, at("2025-06-13T00:01:00"), zh)).toBe("昨天 23:59")
    expect(separator(at("2025-06-13T00:00:00"), at("2025-06-13T00:01:00"), zh)).toBe("00:00")
  })

  it("a clock that runs ahead is today", () => {
    expect(separator(at("2025-06-13T09:35:00"), now, zh)).toBe("09:35")
  })

  it("rows are short", () => {
    expect(rowTime(at("2025-06-12T14:05:00"), now, zh)).toBe("昨天")
    expect(rowTime(at("2024-05-03T14:05:00"), now, zh)).toBe("2024/5/3")
    expect(rowTime(at("2025-05-03T14:05:00"), now, en)).toBe("May 3")
  })
})
