import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, it, vi } from "vitest"
import { createEyes, leadTabs, takeTurn, whoLooks } from "./leader.ts"

/** Node has the real thing. */
const { locks } = navigator as unknown as { locks: LockManager }
const room = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const settled = () => new Promise((done) => setTimeout(done, 20))

it("one tab leads; when it goes, the next one does", async () => {
  const [first, second] = [vi.fn(), vi.fn()]
  const leave = leadTabs(locks, "test-lead", first)
  const leaveToo = leadTabs(locks, "test-lead", second)
  await vi.waitFor(() => expect(first).toHaveBeenCalledTimes(1), 20_000)
  await settled()
  expect(second).not.toHaveBeenCalled()
  leave()
  await vi.waitFor(() => expect(second).toHaveBeenCalledTimes(1), 20_000)
  leaveToo()
})

it("a tab that goes before its turn never leads", async () => {
  const leave = leadTabs(locks, "test-early", () => {})
  const late = vi.fn()
  leadTabs(locks, "test-early", late)()
  leave()
  await settled()
  expect(late).not.toHaveBeenCalled()
})

it("a turn is one caller's until it is over", async () => {
  const turns = await Promise.all([1, 2, 3].map(() => takeTurn(locks, "test-turn", 50)))
  expect(turns.filter(Boolean)).toHaveLength(1)
  await vi.waitFor(async () => expect(await takeTurn(locks, "test-turn", 1)).toBe(true), 20_000)
})

it("eyes are on one chat at a time, of their own account", async () => {
  const look = createEyes(locks, 7)
  expect(await whoLooks(locks, 7)).toEqual({ looking: false, open: new Set() })
  look(room)
  await vi.waitFor(async () => expect((await whoLooks(locks, 7)).open).toEqual(new Set([room])), 20_000)
  expect((await whoLooks(locks, 70)).looking).toBe(false)
  look("page")
  await vi.waitFor(
    async () => expect(await whoLooks(locks, 7)).toEqual({ looking: true, open: new Set() }),
    20_000,
  )
  look(undefined)
  await vi.waitFor(async () => expect((await whoLooks(locks, 7)).looking).toBe(false), 20_000)
})
