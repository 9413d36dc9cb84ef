/**
 * The program is killed (SIGKILL) in the middle of load and started again, twenty times: what it has acknowledged is there
 * with the same place and hash, what it had not is there once or not at all, and whoever repeats gets one place only.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import {
  dial,
  hello,
  type Line,
  type Member,
  member,
  message,
  type SocketHouse,
} from "../socket/socket.fixture.ts"
import { expectChain, logOf } from "./log.contract.fixture.ts"
import { openDb, openTestRoom, type TestRoom, tempDir } from "./log.fixture.ts"

const ROUNDS = 20
const script = fileURLToPath(new URL("kill.child.fixture.ts", import.meta.url))

type Running = { readonly child: ChildProcess; readonly url: string; readonly house: Id }

async function start(folder: string): Promise<Running> {
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] })
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer]
  const [url, house] = line.toString().trim().split(" ") as [string, Id]
  return { child, url, house }
}

type Talker = {
  readonly who: Member
  readonly room: Id
  n: number
  /** Sent, and not known to be accepted: it is sent again as it is. */
  pending: ReturnType<typeof message> | undefined
}

/** Sends one frame after the other until the connection is gone. */
async function talk(
  line: Line,
  talker: Talker,
  accepted: (n: number, seq: number, hash: Uint8Array) => void,
) {
  for (;;) {
    const count = 1 + (talker.n % 3)
    talker.pending ??= message(
      talker.room,
      Array.from({ length: count }, (_, i) => talker.n + 1 + i),
    )
    line.say(talker.pending)
    const answer = await line.next("accepted").catch(() => undefined)
    if (!answer) return
    expect(answer.items.map((item) => item.n)).toEqual(talker.pending.items.map((item) => item.n))
    for (const { n, seq, hash } of answer.items) accepted(n, seq, hash)
    talker.n = answer.items[answer.items.length - 1]?.n ?? talker.n
    talker.pending = undefined
  }
}

test(`killed ${ROUNDS} times under load: nothing acknowledged is lost, nothing is doubled`, async () => {
  const dir = tempDir()
  const before = await openDb(dir.path)
  const people = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => member(before, i)))
  const rooms: TestRoom[] = []
  for (let i = 0; i < 3; i++) rooms.push(await openTestRoom(before, people))
  await before.close()
  const talkers: Talker[] = people.map((who, i) => {
    const { room } = rooms[i % rooms.length] as TestRoom
    return { who, room, n: 1, pending: undefined }
  })
  /** By room, device and number. */
  const told = new Map<string, { readonly seq: number; readonly hash: string }>()
  let killedInFlight = 0

  for (let round = 0; round < ROUNDS; round++) {
    const { child, url, house } = await start(dir.path)
    const lines = await Promise.all(
      talkers.map(async ({ who }) => {
        const line = dial(url)
        const { nonce } = await line.next("challenge")
        line.say(await hello({ house: { id: house } } as unknown as SocketHouse, who, nonce))
        await line.next("ready")
        return line
      }),
    )
    const talking = lines.map((line, i) => {
      const talker = talkers[i] as Talker
      return talk(line, talker, (n, seq, hash) => {
        const key = `${talker.room}/${talker.who.device}/${n}`
        const place = { seq, hash: Buffer.from(hash).toString("hex") }
        expect(told.get(key) ?? place).toEqual(place)
        told.set(key, place)
      })
    })
    await new Promise((resolve) => setTimeout(resolve, 20 + ((round * 37) % 180)))
    child.kill("SIGKILL")
    await once(child, "exit")
    await Promise.all(talking)
    killedInFlight += talkers.filter((talker) => talker.pending).length
    for (const line of lines) expect(line.frames.filter((frame) => frame.t === "refused")).toEqual([])
  }

  expect(killedInFlight).toBeGreaterThan(ROUNDS)
  expect(told.size).toBeGreaterThan(ROUNDS * 10)
  const db = await openDb(dir.path)
  const there = new Map<string, { readonly seq: number; readonly hash: string }>()
  for (const { room } of rooms) {
    const entries = await logOf(db, room)
    expectChain(room, entries)
    for (const { device, n, seq, hash } of entries) {
      const key = `${room}/${device}/${n}`
      expect(there.has(key)).toBe(false)
      there.set(key, { seq, hash: Buffer.from(hash).toString("hex") })
    }
  }
  for (const [key, place] of told) expect(there.get(key)).toEqual(place)
  await db.close()
  dir.remove()
})
