/** Waits until what is read is what is wanted; past its patience it fails with both. */
import { deepStrictEqual } from "node:assert/strict"
import { setTimeout as pause } from "node:timers/promises"
import { isDeepStrictEqual } from "node:util"

const PAUSE_MS = 100

export async function until<T>(read: () => Promise<T>, wanted: T, patienceMs: number): Promise<void> {
  const end = Date.now() + patienceMs
  for (;;) {
    const now = await read()
    if (isDeepStrictEqual(now, wanted)) return
    if (Date.now() > end) deepStrictEqual(now, wanted)
    await pause(PAUSE_MS)
  }
}
