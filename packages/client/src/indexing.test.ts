import { expect, test } from "vitest"
import { createIndexing } from "./indexing.ts"

/** Sixty blocks without words; `words` makes a block's. */
function scene(words: (key: string) => Promise<boolean>) {
  const rows = new Map(
    Array.from({ length: 60 }, (_, i) => [`wordless/${i}`, { room: "r", key: `wordless/${i}` }]),
  )
  const failures: unknown[] = []
  const tried: string[] = []
  const due: (() => void)[] = []
  const indexing = createIndexing({
    store: {
      range: async (_: string, { limit }: { limit: number }) =>
        [...rows].slice(0, limit).map(([key, value]) => ({ key, value })),
    },
    rooms: {
      get: () => ({
        async words({ key }: { key: string }) {
          tried.push(key)
          const made = await words(key)
          if (made) rows.delete(key)
          return made
        },
      }),
    },
    timers(_: number, run: () => void) {
      due.push(run)
      return () => {}
    },
    onFailure: (error: unknown) => failures.push(error),
  } as unknown as Parameters<typeof createIndexing>[0])
  const settle = async () => {
    for (let quiet = 0; quiet < 3 && tried.length < 1_000; quiet = due.length > 0 ? 0 : quiet + 1) {
      for (const run of due.splice(0)) run()
      await new Promise((done) => setTimeout(done))
    }
  }
  return { indexing, rows, tried, failures, settle }
}

test("every complete block gets its words", async () => {
  const { indexing, rows, settle } = scene(async () => true)
  indexing.note()
  await settle()
  expect(rows.size).toBe(0)
})

test("a full device is tried once, and again when something was stored", async () => {
  const full = new Error("the device is full")
  let room = false
  const { indexing, rows, tried, failures, settle } = scene(async () => {
    if (!room) throw full
    return true
  })
  indexing.note()
  await settle()
  expect([tried.length, failures]).toEqual([1, [full]])
  room = true
  indexing.note()
  await settle()
  expect(rows.size).toBe(0)
})

test("rooms that have stopped meanwhile are passed over, and not for ever", async () => {
  const { indexing, tried, settle } = scene(async () => false)
  indexing.note()
  await settle()
  expect(tried).toHaveLength(50)
})
