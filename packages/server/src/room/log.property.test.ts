/**
 * Many connections append and commit at once, retry at random, and some of them with what they knew a while ago: the log
 * stays one gapless chain, each (device, n) stands in it at most once, the same answer is given again, and whatever was
 * sealed for another epoch is refused (docs/contract.md 2–5).
 */
import { entryKinds } from "@teahouse/protocol/entry.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Database } from "../db/port.ts"
import { expectChain, logOf } from "./log.contract.fixture.ts"
import { commitOf, leaves, openDb, openTestRoom, sendOf, type TestRoom, tempDir } from "./log.fixture.ts"

let db: Database
let remove: () => void
beforeAll(async () => {
  const dir = tempDir()
  remove = dir.remove
  db = await openDb(dir.path)
})
afterAll(async () => {
  await db.close()
  remove()
})

const step = fc.record({
  who: fc.nat(3),
  room: fc.nat(1),
  act: fc.constantFrom("send", "send", "send", "commit", "again"),
  items: fc.integer({ min: 1, max: 4 }),
  /** How many epochs behind this device believes the room to be. */
  behind: fc.constantFrom(0, 0, 0, 1),
  /** Wait for all that is under way first. */
  settle: fc.boolean(),
})

type Placed = { readonly n: number; readonly seq: number }
type Said = {
  readonly device: Id
  readonly room: number
  readonly epoch: number
  readonly placed: readonly Placed[]
}

test("concurrent appends and commits: gapless, one order, idempotent, stale refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const rooms: TestRoom[] = [await openTestRoom(db, leaves(4)), await openTestRoom(db, leaves(4))]
      const known = [0, 0]
      const numbers = new Map<string, number>()
      const last = new Map<string, () => Promise<unknown>>()
      const said: Said[] = []
      const underWay: Promise<unknown>[] = []

      for (const { who, room: at, act, items, behind, settle } of steps) {
        if (settle) await Promise.all(underWay.splice(0))
        const { room, roster } = rooms[at] as TestRoom
        const by = roster[who] as TestRoom["maker"]
        const key = `${at}/${who}`
        const epoch = Math.max(0, (known[at] as number) - behind)
        if (act === "again") {
          const again = last.get(key)
          if (again) underWay.push(again())
          continue
        }
        const first = (numbers.get(key) ?? 1) + 1
        const count = act === "commit" ? 1 : items
        numbers.set(key, first + count - 1)
        let answer: unknown
        const compare = (result: unknown) => {
          answer ??= result
          expect(result).toEqual(answer)
        }
        const go =
          act === "commit"
            ? commit(rooms[at] as TestRoom, by, first, epoch)
            : send(
                room,
                by.device,
                Array.from({ length: count }, (_, i) => first + i),
                epoch,
              )
        const run = async () => {
          const placed = await go()
          if (placed) {
            compare(placed)
            said.push({ device: by.device, room: at, epoch, placed })
            if (act === "commit") known[at] = Math.max(known[at] as number, epoch + 1)
          }
        }
        last.set(key, run)
        underWay.push(run())
      }
      await Promise.all(underWay)

      for (const [at, { room }] of rooms.entries()) {
        const entries = await logOf(db, room)
        expectChain(room, entries)
        const ids = entries.map((entry) => `${entry.device}/${entry.n}`)
        expect(new Set(ids).size).toBe(ids.length)
        const epochAt = epochs(entries.map((entry) => entry.kind))
        const mine = said.filter((one) => one.room === at)
        for (const { device, epoch, placed } of mine)
          for (const { n, seq } of placed) {
            expect(entries[seq - 1]).toMatchObject({ device, n })
            expect(epochAt[seq - 1]).toBe(epoch)
          }
        const answered = new Set(
          mine.flatMap(({ device, placed }) => placed.map(({ n }) => `${device}/${n}`)),
        )
        // Nothing is there that nobody was told of, but the opening.
        expect(answered.size).toBe(entries.length - 1)
      }
    }),
    { numRuns: 40 },
  )
}, 120_000)

/** The epoch that each entry was accepted in: the opening is 0, a commit ends the one it belongs to. */
function epochs(kinds: readonly number[]): number[] {
  let epoch = 0
  return kinds.map((kind, i) => (kind === entryKinds.commit && i > 0 ? epoch++ : epoch))
}

/** Repeated, it is the same request. */
function send(room: Id, device: Id, ns: readonly number[], epoch: number) {
  const request = sendOf(room, device, ns, epoch)
  return async (): Promise<Placed[] | undefined> => {
    const [result] = await db.append([request], 1_000)
    if (result?.ok) return result.value.positions.map(({ seq }, i) => ({ n: ns[i] as number, seq }))
    expect(["stale_epoch", "already_sent"]).toContain(result?.error.kind)
    return undefined
  }
}

function commit({ room, roster }: TestRoom, by: TestRoom["maker"], n: number, epoch: number) {
  const args = commitOf(room, by, n, epoch, roster)
  return async (): Promise<Placed[] | undefined> => {
    const result = await db.write("room.commit", args)
    if (result.ok) return [{ n, seq: result.value.seq }]
    expect(["stale_epoch", "already_sent"]).toContain(result.error.kind)
    return undefined
  }
}
