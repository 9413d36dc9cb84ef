/** The house of `bench faults`: the program itself with its own limits, two who talk, and whoever else is brought. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { constants, setPriority, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { TestPerson } from "@teahouse/server/http/house.fixture.ts"
import { crowd } from "../../test/headless/crowd.ts"
import { type House, openHouse } from "../../test/house.ts"
import { type BenchRoom, roomOf } from "../fanout/room.ts"
import { talk } from "./honest.ts"

const attacker = fileURLToPath(new URL("attacker.ts", import.meta.url))

/** Only registering is made easy; what the faults meet are the limits of a house as it is. */
const easy = {
  TEAHOUSE_STRETCHING: "8,1,1",
  TEAHOUSE_LIMIT_SIGN_INS_PER_MINUTE_ADDRESS: "100000",
}

export type World = Awaited<ReturnType<typeof openWorld>>

export async function openWorld({
  others = 0,
  data,
  flags = [],
}: {
  readonly others?: number
  readonly data?: string
  /** Node's own. */
  readonly flags?: readonly string[]
} = {}) {
  const options = { ...(data ? { data } : {}), environment: easy, flags }
  let house: House = await openHouse(options)
  const folder = mkdtempSync(join(tmpdir(), "teahouse-faults-"))
  const database = join(house.data, "house.db")
  const people = await crowd(house.url, 2 + others, false)
  const honest = talk(() => house.url, await roomOf(house.url, database, people.slice(0, 2)))
  const loud = others ? await roomOf(house.url, database, people.slice(2)) : undefined
  const file = join(folder, "room.json")
  if (loud) writeFileSync(file, JSON.stringify(sessionsOf(loud)))

  return {
    honest,
    house: () => house,
    /** Killed, and opened again with the same data at the same port. */
    async killed() {
      await house.kill()
      house = await openHouse({ ...options, data: house.data, port: house.port })
    },
    /** Whatever ends the house, it is opened again, as a service manager does. */
    async again() {
      house = await openHouse({ ...options, data: house.data, port: house.port })
    },
    alive: () =>
      fetch(`${house.url}/livez`).then(
        (answer) => answer.ok,
        () => false,
      ),
    attack: (kind: string, count: number) => attack(kind, house.url, count, file),
    async close(): Promise<number> {
      const lost = await honest.lost()
      if (data === undefined) await house.remove()
      else await house.stop()
      rmSync(folder, { recursive: true, force: true })
      return lost
    },
  }
}

const sessionsOf = ({ room, epoch, people }: BenchRoom) => ({
  ...{ room, epoch },
  people: people.map(({ session, device }: TestPerson) => ({
    session: session.id,
    signKey: toBase64url(device.signKey),
  })),
})

export type Seen = {
  readonly open: number
  readonly closed: number
  readonly ready: number
  readonly refused: number
  readonly sent: number
  /** Until all of them had an answer. */
  readonly ms?: number
}

/** `lines`: what it has said so far; `end` gives the last. */
async function attack(kind: string, url: string, count: number, file: string) {
  const child: ChildProcess = spawn(process.execPath, [attacker, kind, url, String(count), file], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  // They would have machines of their own: here they get what nobody else wants. How much it was, `sent` and `open` say.
  setPriority(child.pid as number, constants.priority.PRIORITY_LOW)
  const lines: Seen[] = []
  child.stdout?.on("data", (part: Buffer) => {
    for (const text of part.toString().trim().split("\n")) lines.push(JSON.parse(text) as Seen)
  })
  if (lines.length === 0) await once(child.stdout as NodeJS.ReadableStream, "data")
  return {
    lines,
    async said(is: (seen: Seen) => boolean): Promise<Seen> {
      for (;;) {
        const found = lines.find(is)
        if (found) return found
        await once(child.stdout as NodeJS.ReadableStream, "data")
      }
    },
    async end(): Promise<Seen> {
      child.stdin?.end()
      await once(child, "exit")
      return lines.at(-1) as Seen
    },
  }
}
