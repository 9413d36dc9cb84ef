import { expect, it } from "vitest"
import { rangeOf } from "./range.ts"

it("a range is read as a server reads it", () => {
  expect(rangeOf("bytes=0-", 10)).toEqual({ from: 0, to: 10 })
  expect(rangeOf("bytes=-3", 10)).toEqual({ from: 7, to: 10 })
  expect(rangeOf("bytes=2-99", 10)).toEqual({ from: 2, to: 10 })
  expect(rangeOf("bytes=10-", 10)).toBe("unsatisfiable")
  for (const header of [null, "bytes=5-2", "bytes=0-1,3-4", "items=0-1", "bytes=-"])
    expect(rangeOf(header, 10)).toBeUndefined()
})
