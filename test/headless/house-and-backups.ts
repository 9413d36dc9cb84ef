/** A house for each test of a file that can be backed up, lost and restored at the same address; nobody's client may have had a bug. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { restoreBackup } from "@teahouse/server/backup/restore.ts"
import { takeBackup } from "@teahouse/server/backup/take.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect } from "vitest"
import { cheap, type Disk, newDisk, openPerson, type Person } from "./person.ts"

const limits = {
  ...{
    commitQuietMs: 10,
    commitIntervalMs: 20,
    commitBurst: 1_000,
    sendsPerSecond: 10_000,
    sendBurst: 10_000,
  },
  ...{ historyWritesPerSecond: 1_000, historyWriteBurst: 10_000, requestsPerSecondAddress: 10_000 },
  ...{
    requestBurstAddress: 10_000,
    heavyPerMinute: 100_000,
    heavyBurst: 100_000,
    generationIntervalMs: 1_000,
  },
}
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const onProgress = () => {}
const database = "sqlite"

export function houseAndBackups() {
  let shelf: string
  let house: RunningHouse
  let data: string
  let people: Person[]
  let restored = 0
  const open = async (port: number) => {
    house = await startHouse({ port, data, stretching: cheap, limits, logLevel: "silent" })
  }

  beforeEach(async () => {
    shelf = mkdtempSync(join(tmpdir(), "teahouse-behind-"))
    data = join(shelf, "first")
    people = []
    await open(0)
  })
  afterEach(async () => {
    const bugs = people.flatMap((one) => one.bugs)
    await Promise.all(people.map(({ client }) => client.stop()))
    await house.stop()
    rmSync(shelf, { recursive: true, force: true })
    expect(bugs).toEqual([])
  })

  return {
    person(disk: Disk = newDisk(), more: Parameters<typeof openPerson>[2] = {}): Person {
      const one = openPerson(house.url, disk, more)
      people.push(one)
      return one
    },
    async backUp(name: string) {
      const to = join(shelf, name)
      const what = { configuration: { data, database }, to, operatorKey: undefined }
      const taken = await takeBackup({ ...what, now: Date.now, random, onProgress })
      if (!taken.ok) throw new Error(taken.error.kind)
    },
    stop: () => house.stop(),
    /** Again at the same address, after `stop`. */
    reopen: () => open(house.port),
    /** Changes what it has stored while it is closed. */
    change(sql: string) {
      const rows = new DatabaseSync(join(data, "house.db"))
      rows.exec(sql)
      rows.close()
    },
    /** Lost, and back at the same address as it was when the backup was taken; each time in a minute of its own. */
    async restore(name: string) {
      const { port } = house
      await house.stop()
      const minutes = ++restored
      data = join(shelf, `house ${minutes}`)
      const now = () => Date.now() + minutes * 60_000
      const more = { operatorKey: undefined, signOut: false, now, onProgress }
      const made = await restoreBackup({ from: join(shelf, name), data, database, ...more })
      if (!made.ok) throw new Error(JSON.stringify(made.error))
      await open(port)
    },
  }
}
