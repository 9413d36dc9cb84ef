/**
 * A rolling upgrade: an old node and one of the next minor on one MariaDB and one NATS, with clients of both at each, in one group
 * (docs/decisions/43). Then the old one makes room for a new one at its address, and old clients go on with it.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type House, openHouse } from "../house.ts"
import { hasMariadb, type Mariadb, startMariadb } from "../mariadb.ts"
import { hasNats, type Nats, startNats } from "../nats.ts"
import { need } from "../need.ts"
import { nextMinor, nextPeople } from "../next-minor/people.ts"
import { befriend, openPerson, type Person } from "./person.ts"

const there = [need("MariaDB", hasMariadb), need("nats-server", hasNats)].every(Boolean)

describe.runIf(there)("two minors in one house", () => {
  let folder: string
  let database: Mariadb
  let nats: Nats
  let older: House
  let newer: House
  let environment: Record<string, string>
  const people: Person[] = []
  const next = nextPeople()
  const open = (name: string, more: Record<string, string> = {}, port = 0) =>
    openHouse({ data: join(folder, name), port, environment: { ...environment, ...more } })

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-rolling-"))
    ;[database, nats] = await Promise.all([startMariadb(), startNats()])
    environment = {
      TEAHOUSE_DATABASE: await database.fresh(),
      TEAHOUSE_NATS: nats.url,
      TEAHOUSE_BLOBS: join(folder, "blobs"),
      TEAHOUSE_KEYS: join(folder, "keys"),
      TEAHOUSE_STRETCHING: "8,1,1",
      TEAHOUSE_LIMIT_COMMIT_INTERVAL_MS: "20",
      TEAHOUSE_LIMIT_COMMIT_BURST: "100",
    }
    ;[older, newer] = await Promise.all([open("older"), open("newer", { NODE_OPTIONS: nextMinor })])
  })
  afterAll(async () => {
    await Promise.all([...people.map(({ client }) => client.stop()), next.stop()])
    await Promise.all([older?.stop(), newer?.stop()])
    await nats?.stop()
    await database?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test("clients and nodes of both chat in one group, before, while and after the last node is replaced", async () => {
    const minorOf = async ({ url }: House) =>
      ((await (await fetch(`${url}/api/house`)).json()) as { minor: number }).minor
    expect([await minorOf(older), await minorOf(newer)]).toEqual([0, 1])

    const [lan, bo] = [openPerson(older.url), openPerson(newer.url)]
    people.push(lan, bo)
    const [eve, kai] = [next.person("eve", older.url), next.person("kai", newer.url)]
    for (const [name, one] of Object.entries({ lan, bo, eve, kai })) await one.register(name)
    const users: Id[] = []
    await befriend(lan, "lan", bo, "bo")
    for (const [name, one] of Object.entries({ eve, kai })) {
      await one.must("requestFriend", { username: "lan", line: "hello" })
      const { incoming } = await lan.until("contacts", undefined, (value) => value.incoming.length > 0)
      await lan.must("acceptRequest", { id: incoming[0]?.id as Id })
      await lan.chatWith(name)
    }
    const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 3)
    for (const { user } of friends) users.push(user)
    const { room } = await lan.must("createGroup", { name: "Tea", members: users })
    await lan.until("room", { room }, (value) => value.state === "here" && value.members.length === 4)

    const said: string[] = []
    const round = async (n: number) => {
      for (const [name, one] of Object.entries({ lan, bo, eve, kai })) {
        await one.say(room, `${name} ${n}`)
        said.push(`${name} ${n}`)
        for (const other of [lan, bo, eve, kai]) await other.reads(room, said)
      }
    }
    await round(1)
    // Said where both know it, and never where one does not.
    expect(newer.output()).toContain("a shout was heard")
    expect(older.output()).not.toContain("a shout was heard")

    await older.stop()
    await lan.say(room, "while it is away")
    said.push("while it is away")
    older = await open("older", { NODE_OPTIONS: nextMinor }, older.port)
    for (const other of [lan, bo, eve, kai]) await other.reads(room, said)
    await round(2)
    expect(await minorOf(older)).toBe(1)
    expect(older.output()).toContain("a shout was heard")
    expect([lan.bugs, bo.bugs, await eve.bugs(), await kai.bugs()]).toEqual([[], [], [], []])
    // Nobody was cut off for what they did not understand.
    for (const { output } of [older, newer]) expect(output()).not.toMatch(/"level":(50|60)/)
  })
})
