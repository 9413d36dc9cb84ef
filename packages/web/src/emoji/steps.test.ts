import { expect, it } from "vitest"
import { stepTo } from "./steps.ts"

it("keys lead through ten cells in rows of four, and out of them at the top only", () => {
  const from = (here: number, key: string, ctrlKey = false) => stepTo({ key, ctrlKey }, here, 10, 4)
  expect(from(5, "ArrowRight")).toBe(6)
  expect(from(9, "ArrowRight")).toBe(9)
  expect(from(0, "ArrowLeft")).toBe(0)
  expect(from(5, "ArrowUp")).toBe(1)
  expect(from(2, "ArrowUp")).toBeLessThan(0)
  expect(from(7, "ArrowDown")).toBe(9)
  expect([from(6, "Home"), from(5, "End"), from(9, "End")]).toEqual([4, 7, 9])
  expect([from(6, "Home", true), from(1, "End", true)]).toEqual([0, 9])
  expect([from(6, "PageUp"), from(1, "PageDown")]).toEqual([0, 9])
  expect([from(6, "Enter"), from(6, "a")]).toEqual([undefined, undefined])
})
