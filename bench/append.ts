/**
 * The log against SQLite by itself: the same rows into the same table with the same indexes, the same batches, prepared
 * statements and one COMMIT (synchronous = FULL) for each batch. What the log adds: the way to the writer's thread and
 * back, checks, sender rows, two hashes for each message, the room's row. Two batches are under way: while the writer
 * commits one, the next waits for it, as in a busy house; never more, so that group commit cannot join two into one
 * COMMIT. Both run in turns in one process; medians.
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
import type { AppendRequest } from "@teahouse/server/room/log.ts"
import { cpuUs, median, type Print, round } from "./measure.ts"
import { openPlainLog, type PlainRow } from "./plain-log.ts"

const SENDERS = 10
const BODY = 200

type Side = { readonly run: () => Promise<void>; readonly close: () => Promise<void> }
type Case = { readonly batch: number; readonly rooms: number }

/** One batch: messages from `rooms` rooms in turn, each of another device. */
function requestsOf(rooms: readonly TestRoom[], batch: number, round: number): AppendRequest[] {
  return Array.from({ length: batch }, (_, i) => {
    const { room, roster } = rooms[i % rooms.length] as TestRoom
    const { device } = roster[Math.floor(i / rooms.length) % SENDERS] as TestRoom["maker"]
    const body = privateMessage(room, 0, 0, random(BODY - 67))
    return { room, device, generation: 0, epoch: 0, items: [{ n: 2 + round * batch + i, body }] }
  })
}

async function teahouse({ batch, rooms }: Case, batches: number): Promise<Side> {
  const dir = tempDir()
  const db = await openDb(dir.path)
  const opened: TestRoom[] = []
  for (let i = 0; i < rooms; i++) opened.push(await openTestRoom(db, leaves(SENDERS)))
  let turn = 0
  const append = async (requests: readonly AppendRequest[]) => {
    const results = await db.append(requests, Date.now())
    if (!results.every((one) => one.ok)) throw new Error("a message of the bench was refused")
  }
  return {
    async run() {
      const ready = Array.from({ length: batches }, () => requestsOf(opened, batch, turn++))
      start()
      let before = Promise.resolve()
      for (const requests of ready) {
        const placed = append(requests)
        await before
        before = placed
      }
      await before
      stop(batches * batch)
    },
    async close() {
      await db.close()
      dir.remove()
    },
  }
}

async function sqlite({ batch, rooms }: Case, batches: number): Promise<Side> {
  const dir = tempDir()
  const plain = openPlainLog(join(dir.path, "plain.db"))
  const ids = Array.from({ length: rooms }, () => random(16))
  const devices = Array.from({ length: rooms * SENDERS }, () => random(16))
  let turn = 0
  let seq = 0
  return {
    async run() {
      const ready = Array.from({ length: batches }, () =>
        Array.from({ length: batch }, (_, i): PlainRow => {
          if (i % rooms === 0) seq++
          const [room, device] = [ids[i % rooms], devices[i % devices.length]] as [Uint8Array, Uint8Array]
          return [room, seq, device, turn * batch + i, Date.now(), random(BODY), random(32)]
        }),
      )
      turn++
      start()
      for (const rows of ready) plain.write(rows)
      stop(batches * batch)
    },
    async close() {
      plain.close()
      dir.remove()
    },
  }
}

let began = { time: 0, cpu: 0 }
let samples: { msgsPerS: number; cpuUsPerMsg: number }[] = []
const start = () => {
  began = { time: performance.now(), cpu: cpuUs() }
}
const stop = (msgs: number) => {
  const seconds = (performance.now() - began.time) / 1000
  samples.push({ msgsPerS: msgs / seconds, cpuUsPerMsg: (cpuUs() - began.cpu) / msgs })
}

export async function append(print: Print, quick: boolean): Promise<void> {
  const rounds = quick ? 5 : 15
  const warm = 3
  for (const batch of [100, 1000])
    for (const rooms of [1, 100]) {
      // Fewer would measure how the pipeline fills, not how it runs.
      const batches = 20_000 / batch
      const sides = {
        teahouse: await teahouse({ batch, rooms }, batches),
        sqlite: await sqlite({ batch, rooms }, batches),
      }
      const seen: Record<string, typeof samples> = { teahouse: [], sqlite: [] }
      for (let i = 0; i < rounds + warm; i++)
        for (const [server, side] of Object.entries(sides)) {
          samples = []
          await side.run()
          // The first turns warm the caches and the compiler.
          if (i >= warm) seen[server]?.push(...samples)
        }
      for (const [server, side] of Object.entries(sides)) {
        await side.close()
        const of = (key: "msgsPerS" | "cpuUsPerMsg") => round(median((seen[server] ?? []).map((s) => s[key])))
        const name = `batch${batch}-rooms${rooms}`
        print({
          bench: "append",
          case: name,
          server,
          msgsPerS: of("msgsPerS"),
          cpuUsPerMsg: of("cpuUsPerMsg"),
        })
      }
    }
}
