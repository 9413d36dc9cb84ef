/**
 * One room whose log gets longer and longer: writing at its end, and reading a page of it back, the newest and from the middle. Filled in large
 * batches, which are not counted.
 */
import {
  leaves,
  openDb,
  openTestRoom,
  privateMessage,
  random,
  tempDir,
} from "@teahouse/server/room/log.fixture.ts"
import { readEntries } from "@teahouse/server/room/read.ts"
import { cpuUs } from "../measure.ts"
import { type Axis, curvesOf } from "./axis.ts"

const BODY = 200
const FILL = 1_000
const BATCH = 100
const PAGE = 256
const bounds = { logRangeEntries: PAGE, logRangeBytes: 1024 * 1024 }

export const log: Axis = async (quick, far) => {
  const sizes = [100, 1_000, 10_000, ...(quick ? [] : [100_000, 1_000_000]), ...(far ? [10_000_000] : [])]
  const turns = quick ? 20 : 100
  const dir = tempDir()
  const db = await openDb(dir.path)
  const { room, maker } = await openTestRoom(db, leaves(10))
  let length = 1
  const append = async (count: number) => {
    const items = Array.from({ length: count }, (_, i) => ({
      ...{ n: length + 1 + i, body: privateMessage(room, 0, 0, random(BODY - 67)) },
    }))
    const before = cpuUs()
    const [result] = await db.append(
      [{ room, device: maker.device, generation: 0, epoch: 0, items }],
      Date.now(),
    )
    if (!result?.ok) throw new Error("a message of the bench was refused")
    length += count
    return cpuUs() - before
  }
  const page = async (after: number) => {
    const before = cpuUs()
    const entries = await readEntries(db, room, after, after + PAGE, bounds)
    return (cpuUs() - before) / entries.length
  }
  const found: { x: number; append: number; newest: number; middle: number }[] = []
  for (const size of sizes) {
    while (length < size) await append(Math.min(FILL, size - length))
    const spent = { append: 0, newest: 0, middle: 0 }
    // The first five warm the compiler and the caches.
    for (let i = -5; i < turns; i++) {
      const newest = await page(Math.max(0, length - PAGE))
      const middle = await page(Math.floor(Math.random() * Math.max(1, length - PAGE)))
      if (i < 0) continue
      spent.newest += newest / turns
      spent.middle += middle / turns
    }
    for (let i = -5; i < turns; i++) {
      const us = await append(BATCH)
      if (i >= 0) spent.append += us / BATCH / turns
    }
    found.push({ x: size, ...spent })
  }
  await db.close()
  dir.remove()
  const curve = curvesOf(found)
  return [
    {
      file: "log",
      title: "A log that gets longer",
      axis: "entries in the room's log",
      curves: [
        curve("one more message, in batches of 100, CPU", "µs", "append"),
        curve("reading one of the newest 256, CPU", "µs", "newest"),
        curve("reading one of 256 from anywhere, CPU", "µs", "middle"),
      ],
    },
  ]
}
