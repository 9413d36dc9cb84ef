/** The pace that everybody has, on a clock that a test turns: what changed last is on its way to the house within 5 s. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { expect, test } from "vitest"
import { keyRing } from "./account/keys.ts"
import { createChanges } from "./changes.ts"
import { createCrypto } from "./crypto/mls-crypto.ts"
import type { HistoryEntry } from "./history/entry.ts"
import { type Unsafe, unsafeKey, unsafeWrites } from "./history/unsafe.ts"
import { openSafekeeping, type SafekeepingParts, safekeepingPace } from "./safekeeping.ts"
import { memoryKeyBox } from "./store/key-box.ts"
import { memoryStores } from "./store/memory.ts"
import { sealedStore } from "./store/sealed.ts"

const user = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const room = "AAAAAAAAAAAAAAAAAAAAAQ" as Id
const crypto = createCrypto()
const amk = await crypto.account.newAmk(await crypto.account.newAccount(), user, 1)
/** What a person is promised. */
const SOON_MS = 5_000

/** A time that stands still until it is moved, and what is due by then. */
function time() {
  let now = 1_000_000
  let due: { at: number; run: () => void }[] = []
  return {
    clock: () => now,
    timers(ms: number, run: () => void) {
      const one = { at: now + ms, run }
      due.push(one)
      return () => {
        due = due.filter((other) => other !== one)
      }
    },
    async passes(ms: number, settled: () => Promise<void>) {
      const end = now + ms
      for (;;) {
        const [next] = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (!next) break
        now = next.at
        due = due.filter((other) => other !== next)
        next.run()
        await settled()
      }
      now = end
    },
  }
}

/** A chat of one block in which lines come, and the house that it is brought to. */
async function scene(jitter: number) {
  const { clock, timers, passes } = time()
  const store = sealedStore(
    await memoryStores().open("a"),
    await memoryKeyBox().save("a", crypto.sealed.newKey()),
    crypto.sealed,
  )
  const entries: HistoryEntry[] = []
  const begun: number[] = []
  const state = () => ({ meta: { room, incarnation: 1, seq: entries.length, joined: { seq: 1 } } })
  const actor = {
    ...{ room, state, settled: () => true },
    async snapshot() {
      const row = await store.get<Unsafe>(unsafeKey(room, 1, 0))
      return { kept: { entries: [...entries], marks: new Map() }, change: row?.change }
    },
    async kept(row: Unsafe, change: number, more: Parameters<typeof store.write>[0]) {
      const still = (await store.get<Unsafe>(unsafeKey(room, 1, 0)))?.change === change
      await store.write([...more, ...(still ? [{ drop: unsafeKey(room, 1, row.number) }] : [])])
    },
  }
  let kept = true
  /** The house's row of the block. */
  let there: { version: number; bytes: number } | undefined
  let held: Promise<void> | undefined
  let full = false
  const failures: unknown[] = []
  const safe = await openSafekeeping({
    ...{ store, sealed: crypto.sealed, keys: keyRing(crypto, () => [amk]), user, clock, timers },
    call: async (name: string, { request }: { request: { version: number } }) => {
      if (name === "listHistory") {
        await held
        const segments = there ? [{ room, incarnation: 1, number: 0, generation: 1, ...there }] : []
        return ok({ segments, cursor: there?.version ?? 0, more: false, used: 0, quota: 1 })
      }
      if (name === "dropHistory") {
        there = { version: (there?.version ?? 0) + 1, bytes: 0 }
        return ok({})
      }
      if (name !== "writeHistory") throw new Error(name)
      begun.push(clock())
      if (full) return err({ kind: "quota_exceeded" })
      there = { version: request.version, bytes: 1 }
      return ok({ used: 1, quota: 1 })
    },
    rooms: { all: () => [actor], get: () => actor },
    ...{ keeps: async () => kept, imported: () => [], life: () => 1, alarms: { raise: async () => {} } },
    ...{ changes: createChanges(), jitter: () => jitter, pace: safekeepingPace },
    onFailure: (error: unknown) => void failures.push(error),
  } as unknown as SafekeepingParts)
  await safe.onReady()
  return {
    ...{ safe, begun, clock, failures },
    bytes: () => there?.bytes ?? 0,
    /** The house is slow to say what it has, until the answer is called. */
    holds(): () => void {
      let release = () => {}
      held = new Promise((done) => {
        release = done
      })
      return release
    },
    fill(on: boolean) {
      full = on
    },
    keep(on: boolean) {
      kept = on
      safe.decided(room)
    },
    async says() {
      const seq = entries.length + 1
      const hash = new Uint8Array(32).fill(seq)
      const from = { generation: 0, kind: 0 as const, device: user, n: seq, time: clock(), user }
      entries.push({ ...from, seq, hash, item: { type: "content", bytes: hash } })
      await store.write(unsafeWrites(room, 1, [0]))
      safe.note()
    },
    /** `up` called once more waits for the one that is under way. */
    passes: (ms: number) => passes(ms, () => safe.finish()),
  }
}

/** The longest that it waits for quiet. */
const LATEST = 0.999_999

test.each([0, 0.5, LATEST])(
  "a line that is said last is on its way within five seconds (jitter %f)",
  async (jitter) => {
    const { safe, begun, clock, failures, says, passes } = await scene(jitter)
    await says()
    const said = clock()
    expect(safe.status().unsafe).toBe(1)
    await passes(SOON_MS)
    expect(failures).toEqual([])
    expect(begun.map((at) => at - said <= SOON_MS)).toEqual([true])
    expect(safe.status().unsafe).toBe(0)
    expect(failures).toEqual([])
  },
)

test("who goes on talking does not put it off: within five seconds of the last line all of it is there", async () => {
  const { safe, begun, clock, says, passes } = await scene(LATEST)
  const first = clock()
  for (let i = 0; i < 18; i++) {
    await says()
    await passes(3_000)
  }
  // Nearly a minute of talk with never four seconds of quiet: written every half a minute, not with every line.
  expect(begun.map((at) => at - first)).toEqual([safekeepingPace.longestMs])
  await says()
  const last = clock()
  await passes(SOON_MS)
  expect((begun.at(-1) as number) - last).toBeLessThanOrEqual(SOON_MS)
  expect(safe.status().unsafe).toBe(0)
})

test("a chat that was not to be kept and is to be kept again is brought once more, although nothing was said", async () => {
  const { safe, bytes, says, passes, keep } = await scene(0)
  await says()
  await passes(SOON_MS)
  expect(bytes()).toBe(1)
  keep(false)
  await expect.poll(bytes).toBe(0)
  await safe.finish()
  keep(true)
  await expect.poll(bytes).toBe(1)
  await expect.poll(() => safe.status().unsafe).toBe(0)
})

test("and so where one thinks better of it before the house has said what it has left", async () => {
  const { safe, bytes, says, passes, keep, holds } = await scene(0)
  await says()
  await passes(SOON_MS)
  const release = holds()
  keep(false)
  await expect.poll(bytes).toBe(0)
  keep(true)
  // Whoever does not wait for it has looked by now.
  await new Promise((done) => setTimeout(done, 50))
  release()
  await expect.poll(bytes).toBe(1)
  await expect.poll(() => safe.status().unsafe).toBe(0)
})

test("where the house takes no more, it is said of the history; when there is room, what waited goes there", async () => {
  const { safe, bytes, says, passes, fill } = await scene(0)
  fill(true)
  await says()
  await passes(SOON_MS)
  expect(safe.status()).toMatchObject({ unsafe: 1, problem: { kind: "history_full" } })
  fill(false)
  // It asks again less and less often, but it does.
  await passes(300_000)
  expect(bytes()).toBe(1)
  expect(safe.status().problem).toBeUndefined()
})
