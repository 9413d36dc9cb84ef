import { expect, test } from "vitest"
import { packStretches, unpackStretches } from "./stretches.ts"

test("stretches of one block come out as they went in; of another block there is nothing to say", () => {
  const all = [
    { from: 512, to: 512 },
    { from: 600, to: 767 },
  ]
  expect(unpackStretches(2, packStretches(2, all))).toEqual(all)
  for (const [from, to] of [
    [511, 600],
    [600, 768],
    [601, 600],
    [0, 0],
  ] as const)
    expect(packStretches(2, [{ from, to }])).toBeNull()
  expect(unpackStretches(2, null)).toEqual([])
})
