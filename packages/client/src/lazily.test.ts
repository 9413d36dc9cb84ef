import { expect, test } from "vitest"
import { lazily } from "./lazily.ts"

test("what did not come is asked for again, and what came is kept", async () => {
  let asked = 0
  const part = lazily(async () => {
    asked++
    if (asked === 1) throw new Error("no network")
    return asked
  })
  expect(part.begun()).toBeUndefined()
  await expect(part.get()).rejects.toThrow("no network")
  expect(part.begun()).toBeUndefined()
  expect(await Promise.all([part.get(), part.get()])).toEqual([2, 2])
  expect(await part.get()).toBe(2)
})
