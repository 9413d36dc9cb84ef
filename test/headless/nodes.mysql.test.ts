/**
 * Three nodes of one house: three processes of the program on one MariaDB, with one nats-server, behind a balancer. People who are
 * spread over them chat in the same rooms while nodes are killed, NATS goes away, the database restarts and nodes stand still.
 * In the end everybody has every message of every room, once, in one order.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Balancer, openBalancer } from "../balancer.ts"
import { type House, openHouse } from "../house.ts"
import { hasMariadb, type Mariadb, startMariadb } from "../mariadb.ts"
import { hasNats, type Nats, startNats } from "../nats.ts"
import { need } from "../need.ts"
import { seeded } from "../seeded.ts"
import { befriend, openPerson, type Person, textsOf } from "./person.ts"

const there = [need("MariaDB", hasMariadb), need("nats-server", hasNats)].every(Boolean)
/** Everywhere some rounds, and where everything is asked for all of them. */
const ROUNDS = process.env.TEAHOUSE_REQUIRE_ALL === "1" ? 21 : 7
const SEED = Number(process.env.TEAHOUSE_TEST_SEED ?? 25)
const NODES = 3

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

describe.runIf(there)("three nodes of one house", () => {
  let folder: string
  let database: Mariadb
  let nats: Nats
  let nodes: House[]
  let balancer: Balancer
  const people: Person[] = []

  const person = () => {
    const made = openPerson(balancer.url, undefined, { connection: { firstRetryMs: 100, maxRetryMs: 800 } })
    people.push(made)
    return made
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-nodes-"))
    database = await startMariadb(["--innodb-flush-log-at-trx-commit=1"])
    nats = await startNats()
    const environment = {
      TEAHOUSE_DATABASE: await database.fresh(),
      TEAHOUSE_NATS: nats.url,
      TEAHOUSE_BLOBS: join(folder, "blobs"),
      TEAHOUSE_KEYS: join(folder, "keys"),
      TEAHOUSE_STRETCHING: "8,1,1",
      TEAHOUSE_LIMIT_SIGN_INS_PER_MINUTE_ADDRESS: "1000",
      TEAHOUSE_LIMIT_REQUESTS_PER_SECOND_ADDRESS: "10000",
      TEAHOUSE_LIMIT_REQUEST_BURST_ADDRESS: "10000",
      TEAHOUSE_LIMIT_COMMIT_INTERVAL_MS: "20",
      TEAHOUSE_LIMIT_COMMIT_BURST: "100",
      TEAHOUSE_LIMIT_COMMIT_QUIET_MS: "10",
    }
    // All at once: one of them founds the house and makes the tables.
    nodes = await Promise.all(
      Array.from({ length: NODES }, (_, i) => openHouse({ data: join(folder, `node-${i}`), environment })),
    )
    balancer = await openBalancer(nodes.map((node) => node.port))
  })
  afterAll(async () => {
    await Promise.all(people.map((one) => one.client.stop()))
    balancer?.stop()
    for (const node of nodes ?? []) node.resume()
    await Promise.all((nodes ?? []).map((node) => node.stop()))
    await nats?.stop()
    await database?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const typing = async (by: Person, to: Person, room: Id) => {
    await by.must("setTyping", { room, on: true })
    await to.until("typing", { room }, ({ people: all }) => all.length === 1)
    await to.until("room", { room }, (value) => value.state === "here" && value.online === true)
    await by.must("setTyping", { room, on: false })
    await to.until("typing", { room }, ({ people: all }) => all.length === 0)
  }

  test(`chat goes on through ${ROUNDS} faults`, { timeout: 400_000 }, async () => {
    const random = seeded(SEED)
    const names = ["lan", "bo", "eve", "ming", "kai", "rui"]
    for (const name of names) await person().register(name)
    const [lan, bo, eve, ming, kai, rui] = people as [Person, Person, Person, Person, Person, Person]
    const users: Id[] = []
    for (const one of people) {
      const session = await one.until("session", undefined, (value) => value.state === "signed_in")
      if (session.state === "signed_in") users.push(session.user)
    }
    const direct: Id[] = []
    for (const [i, one] of [bo, eve, ming, kai, rui].entries())
      direct.push(await befriend(lan, "lan", one, names[i + 1] as string))
    const groups: Id[] = []
    for (const name of ["Tea", "Cake"]) {
      const { room } = await lan.must("createGroup", { name, members: users.slice(1) })
      groups.push(room)
      for (const one of people)
        await one.until(
          "room",
          { room },
          (value) => value.state === "here" && value.members.length === people.length,
        )
    }
    expect(Math.min(...balancer.spread())).toBeGreaterThan(0)
    // Whoever types is seen by all the others, on whichever node they are.
    for (const [i, one] of [bo, eve, ming, kai, rui].entries()) await typing(one, lan, direct[i] as Id)

    // ---- load, until it is told to stop
    const rooms = [
      ...groups.map((room) => ({ room, members: people })),
      ...direct.map((room, i) => ({ room, members: [lan, people[i + 1] as Person] })),
    ]
    const said = new Map<Id, string[]>(rooms.map(({ room }) => [room, []]))
    let loaded = true
    let spoken = 0
    const speak = async (one: Person, name: string) => {
      const own = rooms.filter(({ members }) => members.includes(one))
      for (let n = 0; loaded; n++) {
        const { room } = own[Math.floor(random() * own.length)] as (typeof rooms)[number]
        const texts = said.get(room) as string[]
        // What a test may look at in one window of a chat.
        if (texts.length < 440) {
          const text = `${name} ${n}`
          await one.say(room, text)
          texts.push(text)
          spoken++
        }
        await pause(100 + 300 * random())
      }
    }
    const load = people.map((one, i) => speak(one, names[i] as string))

    // ---- faults
    const some = () => Math.floor(random() * NODES)
    const faults: Record<string, () => Promise<void>> = {
      async "kill a node"() {
        const at = some()
        const node = nodes[at] as House
        await node.kill()
        await pause(500 * random())
        nodes[at] = await node.restart(node.port)
      },
      async "stop NATS"() {
        await nats.stop()
        await pause(1_500 * random())
        await nats.start()
      },
      "restart MariaDB": () => database.restart(random() < 0.5 ? "SIGTERM" : "SIGKILL"),
      async "pause a node"() {
        const node = nodes[some()] as House
        node.pause()
        await pause(500 + 2_000 * random())
        node.resume()
      },
      async "kill a node while NATS is away"() {
        await nats.stop()
        await faults["kill a node"]?.()
        await nats.start()
      },
      async "pause a node for long"() {
        const node = nodes[some()] as House
        node.pause()
        await pause(10_000)
        node.resume()
      },
    }
    const kinds = Object.keys(faults)
    const long = kinds.indexOf("pause a node for long")
    const log: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      // Each kind at least once, the long pause exactly once.
      const pick = round < kinds.length ? round : Math.floor(random() * long)
      const name = kinds[pick] as string
      const before = spoken
      await faults[name]?.()
      await pause(300 + 700 * random())
      log.push(`${name} (${spoken - before})`)
    }
    loaded = false
    await Promise.all(load)

    // ---- and in the end
    for (const one of people)
      await one.until("connection", undefined, (value) => value.state === "connected" && value.waiting === 0)
    // The last word in each room is told to no other node: it is in the log, and that is looked at.
    await nats.stop()
    for (const { room, members } of rooms) {
      const speaker = members[1] as Person
      const text = `${names[people.indexOf(speaker)]} last`
      await speaker.say(room, text)
      said.get(room)?.push(text)
    }
    let count = 0
    for (const { room, members } of rooms) {
      const texts = said.get(room) as string[]
      const all = await Promise.all(
        members.map(async (one) => {
          const { items } = await one.timeline(room, (shown) => textsOf(shown).length >= texts.length)
          return textsOf(items)
        }),
      )
      for (const one of all) expect(one).toEqual(all[0])
      expect([...(all[0] as string[])].sort()).toEqual([...texts].sort())
      // Each one's own stand in the order in which they were written.
      for (const name of names) {
        const of = (list: readonly string[]) => list.filter((text) => text.startsWith(`${name} `))
        expect(of(all[0] as string[])).toEqual(of(texts))
      }
      count += texts.length
    }
    await nats.start()
    for (const node of nodes)
      await expect
        .poll(() => fetch(`${node.url}/readyz`).then((answer) => answer.text()), { timeout: 20_000 })
        .toBe("ready\n")
    for (const [i, one] of [bo, eve, ming, kai, rui].entries()) await typing(one, lan, direct[i] as Id)
    for (const one of people) expect(one.bugs).toEqual([])
    console.log(`seed ${SEED}: ${count} messages in ${rooms.length} rooms; ${log.join(", ")}`)
  })
})
