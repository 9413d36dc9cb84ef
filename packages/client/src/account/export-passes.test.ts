import { expect, test } from "vitest"
import { createExportPasses, PROOF_MS } from "./export-passes.ts"

function desk() {
  let [now, made] = [1_000_000, 0]
  const passes = createExportPasses(
    () => now,
    () => `pass ${++made}`,
  )
  const wait = (ms: number) => {
    now += ms
  }
  return { passes, wait }
}

test("nothing begins without a proof", () => {
  const { passes } = desk()
  expect(passes.begin()).toBeUndefined()
  expect(passes.holds("pass 1")).toBe(false)
})

test("a proof is good for five minutes, and for as many exports", () => {
  const { passes, wait } = desk()
  passes.proved()
  expect(passes.begin()).toBe("pass 1")
  wait(PROOF_MS)
  expect(passes.begin()).toBe("pass 2")
  wait(1)
  expect(passes.begin()).toBeUndefined()
})

test("what began goes on when the proof has become old, until it is ended", () => {
  const { passes, wait } = desk()
  passes.proved()
  const pass = passes.begin() ?? ""
  wait(10 * PROOF_MS)
  expect(passes.holds(pass)).toBe(true)
  passes.end(pass)
  expect(passes.holds(pass)).toBe(false)
})

test("a clock that was set back makes no proof young", () => {
  const { passes, wait } = desk()
  passes.proved()
  wait(-1)
  expect(passes.begin()).toBeUndefined()
})
