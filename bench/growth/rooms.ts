/**
 * A house with more and more rooms. `silent`: ten pairs talk, all other rooms only are there. `turns`: all of them talk, in turn, straight into the
 * log and beside it the same rows into the same table of plain SQLite: with many rooms each COMMIT touches another page of the index for
 * each message, whoever writes it.
 */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { migrations } from "@teahouse/server/db/migrations/migrations.ts"
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
import type { Axis } from "./axis.ts"
import type { Point } from "./curve.ts"
import { openGrowing, talkingPairs } from "./house.ts"

const MEMBERS = 5
const BATCH = 100
const BODY = 200
/** Rooms opened at the same time: they share COMMITs. */
const ABREAST = 200

export const rooms: Axis = async (quick) => {
  const sizes = quick ? [1, 100, 1_000] : [1, 10, 100, 1_000, 10_000, 100_000]
  const silent = await silentRooms(sizes, quick)
  const turns = await inTurn(sizes, quick ? 20 : 200)
  return [
    {
      file: "rooms",
      title: "A house with more and more rooms",
      axis: "rooms",
      curves: [
        {
          name: "a message of ten pairs, the other rooms silent, server CPU",
          unit: "µs",
          points: silent.message,
        },
        { name: "memory of the server", unit: "MB", points: silent.memory },
        { name: "the log, all rooms talking in turn, CPU for a message", unit: "µs", points: turns.log },
        { name: "plain SQLite, the same", unit: "µs", points: turns.plain },
      ],
    },
  ]
}

async function silentRooms(sizes: readonly number[], quick: boolean) {
  const house = await openGrowing()
  const message: Point[] = []
  const memory: Point[] = []
  let there = 0
  for (const size of sizes) {
    await house.stop()
    const db = await openDb(house.folder)
    await openRooms(db, size - there)
    await db.close()
    there = size
    await house.again()
    message.push({ x: size, y: await talkingPairs(house.server(), house.folder, `r${size}`, quick) })
    memory.push({ x: size, y: house.server().rss() / 1024 / 1024 })
  }
  await house.close()
  return { message, memory }
}

async function openRooms(db: Awaited<ReturnType<typeof openDb>>, count: number): Promise<TestRoom[]> {
  const all: TestRoom[] = []
  for (let left = count; left > 0; left -= ABREAST) {
    const some = Array.from({ length: Math.min(left, ABREAST) }, () => openTestRoom(db, leaves(MEMBERS)))
    all.push(...(await Promise.all(some)))
  }
  return all
}

async function inTurn(sizes: readonly number[], batches: number) {
  const dir = tempDir()
  const db = await openDb(dir.path)
  const plain = openPlain(join(dir.path, "plain.db"))
  const all: TestRoom[] = []
  const found: Record<"log" | "plain", Point[]> = { log: [], plain: [] }
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
      return { requests, count: requests.reduce((sum, { items }) => sum + items.length, 0) }
    }
    const spent = { log: 0, plain: 0, messages: 0 }
    for (let i = -3; i < batches; i++) {
      const { requests, count } = next()
      const first = cpuUs()
      const results = await db.append(requests, Date.now())
      const second = cpuUs()
      plain.write(count)
      const third = cpuUs()
      if (!results.every(({ ok }) => ok)) throw new Error("a message of the bench was refused")
      // The first warm the caches.
      if (i < 0) continue
      spent.log += second - first
      spent.plain += third - second
      spent.messages += count
    }
    found.log.push({ x: size, y: spent.log / spent.messages })
    found.plain.push({ x: size, y: spent.plain / spent.messages })
  }
  await db.close()
  plain.close()
  dir.remove()
  return found
}

function openPlain(file: string) {
  const db = new DatabaseSync(file)
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000",
  )
  for (const { statements } of migrations) for (const statement of statements) db.exec(statement)
  const insert = db.prepare(
    `INSERT INTO entry (room_id, seq, incarnation, generation, kind, device_id, n, time, body, body_hash, hash)
     VALUES (?, ?, 1, 0, 0, ?, ?, ?, ?, NULL, ?)`,
  )
  const ids: Uint8Array[] = []
  const device = random(16)
  let n = 0
  let at = 0
  return {
    /** Each room has an entry already, as an opened one has. */
    grow(size: number) {
      db.exec("BEGIN IMMEDIATE")
      while (ids.length < size) {
        const room = random(16)
        ids.push(room)
        insert.run(room, ++n, device, n, Date.now(), random(BODY), random(32))
      }
      db.exec("COMMIT")
    },
    write(count: number) {
      const rows = Array.from({ length: count }, () => random(BODY))
      db.exec("BEGIN IMMEDIATE")
      for (const row of rows) {
        const room = ids[at++ % ids.length] as Uint8Array
        insert.run(room, ++n, device, n, Date.now(), row, random(32))
      }
      db.exec("COMMIT")
    },
    close: () => db.close(),
  }
}
