/** The way of a message through a house on a real MariaDB, which goes away in the middle of it. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, beforeAll, describe, test } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../mariadb.ts"
import { need } from "../need.ts"
import { cheap, openPerson, type Person } from "./person.ts"
import { goTheWay } from "./way.ts"

describe.runIf(need("MariaDB", hasMariadb))("a house on MariaDB", () => {
  let server: Mariadb
  let folder: string
  let house: RunningHouse
  const people: Person[] = []
  const person = () => {
    const made = openPerson(house.url)
    people.push(made)
    return made
  }
  let database: string
  const limits = { commitIntervalMs: 100, commitBurst: 20 }
  const open = async (port = 0) => {
    house = await startHouse({
      ...{ port, data: folder, database, limits },
      ...{ stretching: cheap, logLevel: "silent" },
    })
  }
  beforeAll(async () => {
    server = await startMariadb()
    folder = mkdtempSync(join(tmpdir(), "teahouse-on-mysql-"))
    database = await server.fresh()
    await open()
  })
  afterAll(async () => {
    await Promise.all(people.map((one) => one.client.stop()))
    await house?.stop()
    await server?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  test("people go the whole way of a message, and talk on while the database goes away", async () => {
    const gone = await goTheWay({
      person,
      async away() {
        const { port } = house
        await house.stop()
        return () => open(port)
      },
    })
    const { lan, bo, tablet, chat } = gone
    const said = [...gone.said]
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const away = server.restart(signal)
      for (const [who, text] of [
        [tablet, `tablet ${signal}`],
        [bo, `bo ${signal}`],
      ] as const) {
        await who.say(chat, text)
        said.push(text)
        for (const one of [lan, bo]) await one.reads(chat, said)
      }
      await away
    }
  })
})
