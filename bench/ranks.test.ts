import { expect, it } from "vitest"
import { rankSum } from "./ranks.ts"

it("is what one gets by hand: two samples of five and six, no ties", () => {
  // Ranks of a: 1 + 2 + 3 + 4 + 9 = 19, so U = 19 − 15 = 4; its mean is 15, its variance 5 · 6 · 12 / 12 = 30.
  const [a, b] = [
    [1, 2, 3, 4, 9],
    [5, 6, 7, 8, 10, 11],
  ]
  expect(rankSum(a as number[], b as number[]).z).toBeCloseTo(-2.008, 3)
  expect(rankSum(b as number[], a as number[]).z).toBeCloseTo(2.008, 3)
})

it("finds nothing between two that are the same, and ties do not tip it", () => {
  expect(rankSum([1, 2, 2, 3], [1, 2, 2, 3]).z).toBe(0)
  expect(rankSum([5, 5, 5], [5, 5]).z).toBe(0)
})

it("finds a shift that is small beside the noise", () => {
  let seed = 1
  const noise = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const a = Array.from({ length: 3000 }, () => 100 + 50 * noise())
  const b = Array.from({ length: 3000 }, () => 105 + 50 * noise())
  expect(rankSum(a, b).z).toBeLessThan(-4.5)
})
