/** What was deleted elsewhere before it came here is deleted when it comes, whatever is deleted meanwhile. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { loadKept } from "./kept.ts"

const room = "AAAAAAAAAAAAAAAAAAAAAA" as Id

async function scene() {
  const hidden: number[] = []
  const rows = new Map<string, unknown>()
  const bits = new Map<string, unknown>()
  const meta = { room, incarnation: 1, seq: 5, joined: { seq: 1 } } as { seq: number; life?: object }
  const actor = {
    room,
    state: () => ({ meta }),
    forget: async (seqs: readonly number[]) => void hidden.push(...seqs.filter((seq) => seq <= meta.seq)),
  }
  const kept = await loadKept({
    store: {
      range: async () => [],
      write: async (writes: { put?: string; drop?: string; value?: unknown }[]) => {
        for (const { put, drop, value } of writes)
          if (put) rows.set(put, value)
          else rows.delete(drop ?? "")
      },
    },
    notebook: {
      get: async (name: string) => bits.get(name),
      change: async (name: string, _: unknown, made: (old: unknown) => unknown) =>
        void bits.set(name, made(bits.get(name))),
    },
    rooms: { all: () => [actor], get: () => actor },
    clock: () => 0,
    changes: { emit() {} },
    onFailure: (error: unknown) => {
      throw error
    },
  } as unknown as Parameters<typeof loadKept>[0])
  return {
    ...{ kept, hidden, rows },
    comes(seq: number) {
      meta.seq = seq
      kept.taken({ meta } as never)
    },
  }
}

test("a message that is deleted here meanwhile takes nothing from what waits", async () => {
  const { kept, hidden, rows, comes } = await scene()
  await kept.delete(room, [7, 9])
  await kept.delete(room, [3])
  expect([...rows.values()]).toMatchObject([{ seqs: [7, 9] }])
  comes(8)
  await expect.poll(() => hidden).toEqual([3, 7])
  expect([...rows.values()]).toMatchObject([{ seqs: [9] }])
  comes(9)
  await expect.poll(() => hidden).toEqual([3, 7, 9])
  await expect.poll(() => rows.size).toBe(0)
})
