/** The way of a message through a house on a real MariaDB, which goes away in the middle of it. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, beforeAll, describe, test } from "vitest"
import { hasMariadb, type Mariadb, startMariadb } from "../mariadb.ts"
import { need } from "../need.ts"
import { befriend, cheap, openPerson, type Person } from "./person.ts"

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
  beforeAll(async () => {
    server = await startMariadb()
    folder = mkdtempSync(join(tmpdir(), "teahouse-on-mysql-"))
    const limits = { commitIntervalMs: 100, commitBurst: 20 }
    const database = await server.fresh()
    house = await startHouse({
      port: 0,
      data: folder,
      database,
      stretching: cheap,
      limits,
      logLevel: "silent",
    })
  })
  afterAll(async () => {
    await Promise.all(people.map((one) => one.client.stop()))
    await house?.stop()
    await server?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  test("people become friends, talk while the database goes away, and a second device has it all", async () => {
    const [lan, bo] = [person(), person()]
    await lan.register("lan")
    await bo.register("阿波")
    const room = await befriend(lan, "lan", bo, "阿波")
    const said = ["你好 🍵"]
    await lan.say(room, "你好 🍵")
    await bo.reads(room, said)
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const away = server.restart(signal)
      for (const [who, text] of [
        [lan, `lan ${signal}`],
        [bo, `bo ${signal}`],
      ] as const) {
        await who.say(room, text)
        said.push(text)
        await lan.reads(room, said)
        await bo.reads(room, said)
      }
      await away
    }
    await lan.safe()
    const phone = person()
    await phone.signIn("lan")
    await phone.reads(room, said)
    await bo.say(room, "to both")
    await phone.reads(room, [...said, "to both"])
  })
})
