/**
 * A house with more and more rooms. `silent`: ten pairs talk, all other rooms only are there. `turns`: all of them talk, in turn, straight into the
 * log and beside it the same rows into the same table of plain SQLite: with many rooms each COMMIT touches another page of the index for
 * each message, whoever writes it.
 */
import { join } from "node:path"
import {
  leaves,
  openDb,
  openTestRoom,
  privateMessage,
  random,
  type TestRoom,
  tempDir,
} from "@teahouse/server/room/log.fixture.ts"
import { cpuUs } from "../measure.ts"
import { openPlainLog, type PlainRow } from "../plain-log.ts"
import { type Axis, curvesOf } from "./axis.ts"
import { openGrowing, talkingPairs } from "./house.ts"

const MEMBERS = 5
const BATCH = 100
const BODY = 200
/** Rooms opened at the same time: they share COMMITs. */
const ABREAST = 200

export const rooms: Axis = async (quick) => {
  const sizes = quick ? [1, 100, 1_000] : [1, 10, 100, 1_000, 10_000, 100_000]
  const silent = curvesOf(await silentRooms(sizes, quick))
  const inTurn = curvesOf(await talkInTurn(sizes, quick ? 20 : 200))
  return [
    {
      file: "rooms",
      title: "A house with more and more rooms",
      axis: "rooms",
      curves: [
        silent("a message of ten pairs, the other rooms silent, server CPU", "µs", "message"),
        silent("memory of the server", "MB", "memory"),
        inTurn("the log, all rooms talking in turn, CPU for a message", "µs", "log"),
        inTurn("plain SQLite, the same", "µs", "plain"),
      ],
    },
  ]
}

async function silentRooms(sizes: readonly number[], quick: boolean) {
  const house = await openGrowing()
  const found: { x: number; message: number; memory: number }[] = []
  let there = 0
  for (const size of sizes) {
    await house.stop()
    const db = await openDb(house.folder)
    await openRooms(db, size - there)
    await db.close()
    there = size
    await house.again()
    const message = await talkingPairs(house.server(), house.folder, `r${size}`, quick)
    found.push({ x: size, message, memory: house.server().rss() / 1024 / 1024 })
  }
  await house.close()
  return found
}

async function openRooms(db: Awaited<ReturnType<typeof openDb>>, count: number): Promise<TestRoom[]> {
  const all: TestRoom[] = []
  for (let left = count; left > 0; left -= ABREAST) {
    const some = Array.from({ length: Math.min(left, ABREAST) }, () => openTestRoom(db, leaves(MEMBERS)))
    all.push(...(await Promise.all(some)))
  }
  return all
}

async function talkInTurn(sizes: readonly number[], batches: number) {
  const dir = tempDir()
  const db = await openDb(dir.path)
  const plain = plainRooms(join(dir.path, "plain.db"))
  const all: TestRoom[] = []
  const found: { x: number; log: number; plain: number }[] = []
  let n = 2
  for (const size of sizes) {
    all.push(...(await openRooms(db, size - all.length)))
    plain.grow(size)
    let at = 0
    const next = () => {
      const requests = Array.from({ length: Math.min(BATCH, size) }, () => {
        const { room, maker } = all[at++ % size] as TestRoom
        const count = Math.ceil(BATCH / size)
        const items = Array.from({ length: count }, () => ({
          ...{ n: n++, body: privateMessage(room, 0, 0, random(BODY - 67)) },
        }))
        return { room, device: maker.device, generation: 0, epoch: 0, items }
      })
      const count = requests.reduce((sum, { items }) => sum + items.length, 0)
      return { requests, rows: plain.next(count) }
    }
    const spent = { log: 0, plain: 0, messages: 0 }
    for (let i = -3; i < batches; i++) {
      const { requests, rows } = next()
      const first = cpuUs()
      const results = await db.append(requests, Date.now())
      const second = cpuUs()
      plain.write(rows)
      const third = cpuUs()
      if (!results.every(({ ok }) => ok)) throw new Error("a message of the bench was refused")
      // The first warm the caches.
      if (i < 0) continue
      spent.log += second - first
      spent.plain += third - second
      spent.messages += rows.length
    }
    found.push({ x: size, log: spent.log / spent.messages, plain: spent.plain / spent.messages })
  }
  await db.close()
  plain.close()
  dir.remove()
  return found
}

/** The same rooms in plain SQLite. */
function plainRooms(file: string) {
  const { write, close } = openPlainLog(file)
  const ids: Uint8Array[] = []
  const device = random(16)
  let n = 0
  let at = 0
  const rowOf = (room: Uint8Array): PlainRow => {
    n++
    return [room, n, device, n, Date.now(), random(BODY), random(32)]
  }
  return {
    /** Each room has an entry already, as an opened one has. */
    grow(size: number) {
      const rows: PlainRow[] = []
      while (ids.length < size) {
        const room = random(16)
        ids.push(room)
        rows.push(rowOf(room))
      }
      write(rows)
    },
    /** The next messages, each of the next room. */
    next: (count: number) => Array.from({ length: count }, () => rowOf(ids[at++ % ids.length] as Uint8Array)),
    write,
    close,
  }
}
