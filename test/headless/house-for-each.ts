/** A house for each test of a file, people who come to it, and a look at what it has stored; nobody's client may have had a bug. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type RunningHouse, type StartOptions, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect } from "vitest"
import { cheap, newDisk, openPerson, type Person } from "./person.ts"

type Row = Record<string, number | Uint8Array>
type Limits = NonNullable<StartOptions["limits"]>

/** So high that nobody in a test meets one: what it looks at is something else. */
export const withoutLimits: Limits = {
  ...{
    commitQuietMs: 10,
    commitIntervalMs: 20,
    commitBurst: 1_000,
    sendsPerSecond: 10_000,
    sendBurst: 10_000,
  },
  ...{ signInsPerMinuteAccount: 10_000, signInsPerMinuteName: 10_000, signInsPerMinuteAddress: 10_000 },
  ...{ newDevicesPerDay: 1_000, userDevices: 1_000, heavyPerMinute: 100_000, heavyBurst: 100_000 },
  ...{ historyWritesPerSecond: 1_000, historyWriteBurst: 10_000, findsPerMinute: 10_000 },
  ...{ requestsPerSecondAddress: 10_000, requestBurstAddress: 10_000 },
}

export function houseForEach(limits: Limits = {}) {
  let folder: string
  let data: string
  let house: RunningHouse
  let people: Person[]
  const open = async (port: number) => {
    house = await startHouse({ port, data, stretching: cheap, logLevel: "silent", limits })
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-headless-"))
    data = join(folder, "house")
    people = []
    await open(0)
  })
  afterEach(async () => {
    const bugs = people.flatMap((one) => one.bugs)
    await Promise.all(people.map((one) => one.client.stop()))
    await house.stop()
    rmSync(folder, { recursive: true, force: true })
    expect(bugs).toEqual([])
  })

  return {
    /** With a disk of its own, unless its parts bring one. */
    person(parts: Parameters<typeof openPerson>[2] = {}): Person {
      const made = openPerson(house.url, newDisk(), parts)
      people.push(made)
      return made
    },
    rows(query: string, ...values: Uint8Array[]): Row[] {
      const db = new DatabaseSync(join(data, "house.db"), { readOnly: true })
      const found = db.prepare(query).all(...values) as Row[]
      db.close()
      return found
    },
    /** For whatever else belongs to the test; goes with it. */
    folder: () => folder,
    data: () => data,
    stop: () => house.stop(),
    /** Again at the same address, after `stop`: with what it had, or with what lies in another folder. */
    async reopen(from = data) {
      data = from
      await open(house.port)
    },
  }
}

export async function signedIn(one: Person) {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  if (session.state !== "signed_in") throw new Error("nobody is signed in")
  return session
}
