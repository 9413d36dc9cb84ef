import { describe, expect, it } from "vitest"
import { lengthText, sizeText } from "./size.ts"

describe("sizes and lengths", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1024, "1 KB"],
    [1536, "1.5 KB"],
    [24 * 1024, "24 KB"],
    [512 * 1024 * 1024, "512 MB"],
    [2 * 1024 ** 3, "2 GB"],
  ])("%i is %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text)
  })
  it.each([
    [0, "0:00"],
    [7_400, "0:07"],
    [205_000, "3:25"],
    [3_729_000, "1:02:09"],
  ])("%i ms is %s", (ms, text) => {
    expect(lengthText(ms)).toBe(text)
  })
})
