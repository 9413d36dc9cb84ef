/** A house for each test of a file, people who come to it, and a look at what it has stored; nobody's client may have had a bug. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { type RunningHouse, type StartOptions, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect } from "vitest"
import { cheap, type Disk, newDisk, openPerson, type Person } from "./person.ts"

type Row = Record<string, number | Uint8Array>

export function houseForEach(limits: NonNullable<StartOptions["limits"]>) {
  let folder: string
  let house: RunningHouse
  let people: Person[]

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-headless-"))
    house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent", limits })
    people = []
  })
  afterEach(async () => {
    const bugs = people.flatMap((one) => one.bugs)
    await Promise.all(people.map((one) => one.client.stop()))
    await house.stop()
    rmSync(folder, { recursive: true, force: true })
    expect(bugs).toEqual([])
  })

  return {
    person(more: Parameters<typeof openPerson>[2] = {}, disk: Disk = newDisk()): Person {
      const made = openPerson(house.url, disk, more)
      people.push(made)
      return made
    },
    rows(query: string, ...values: Uint8Array[]): Row[] {
      const db = new DatabaseSync(join(folder, "house.db"), { readOnly: true })
      const found = db.prepare(query).all(...values) as Row[]
      db.close()
      return found
    },
  }
}

export async function signedIn(one: Person) {
  const session = await one.until("session", undefined, ({ state }) => state === "signed_in")
  if (session.state !== "signed_in") throw new Error("nobody is signed in")
  return session
}
