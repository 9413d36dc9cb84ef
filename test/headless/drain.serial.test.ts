/** A house that is told to stop while everybody talks: it ends in order, and what it has acknowledged is there afterwards, once, for all. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { afterEach, expect, test } from "vitest"
import { type House, openHouse } from "../house.ts"
import { befriend, openPerson, type Person, textsOf } from "./person.ts"

let house: House | undefined
const people: Person[] = []
afterEach(async () => {
  await Promise.all(people.splice(0).map((one) => one.client.stop()))
  await house?.remove()
})

test("SIGTERM under load, three times: nothing acknowledged is lost or doubled, and it ends with 0", async () => {
  const environment = {
    ...{ TEAHOUSE_STRETCHING: "8,1,1", TEAHOUSE_LIMIT_SENDS_PER_SECOND: "1000" },
    ...{ TEAHOUSE_LIMIT_SEND_BURST: "10000", TEAHOUSE_LIMIT_COMMIT_INTERVAL_MS: "20" },
  }
  house = await openHouse({ environment })
  const [lan, bo] = [openPerson(house.url), openPerson(house.url)]
  people.push(lan, bo)
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")

  let talking = true
  const said: string[] = []
  const talk = async (one: Person, name: string) => {
    for (let n = 0; talking; n++) {
      const text = `${name} ${n}`
      said.push(text)
      await one.say(room, text)
      await new Promise((next) => setTimeout(next, 5))
    }
  }
  const talks = [talk(lan, "lan"), talk(bo, "bo")]
  const stored = (one: Person, more: number, than = 0) =>
    one.timeline(room, (items) => sentIn(items).length >= than + more)
  let acknowledged = 0
  for (let round = 0; round < 3; round++) {
    acknowledged = sentIn((await stored(lan, 20, acknowledged)).items).length
    expect(await house.stop()).toBe(0)
    house = await openHouse({ data: house.data, port: house.port, environment })
  }
  talking = false
  await Promise.all(talks)
  for (const one of people) {
    const all = await reads(one, room, said.length)
    expect(new Set(all).size).toBe(all.length)
    expect([...all].sort()).toEqual([...said].sort())
  }
  expect(await reads(lan, room, said.length)).toEqual(await reads(bo, room, said.length))
})

test("SIGHUP reads the configuration again; a wrong one changes nothing, and says where", async () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-reload-"))
  const conf = join(folder, "server.conf")
  const write = (level: string, files: string) =>
    writeFileSync(conf, `[server]\nlog = ${level}\n[limits]\nuser_file_bytes = ${files}\n`)
  write("info", "1000")
  try {
    house = await openHouse({ environment: { TEAHOUSE_CONFIG: conf } })
    const lan = openPerson(house.url)
    people.push(lan)
    await lan.register("lan")
    const quota = (bytes: number) => lan.until("quota", undefined, (value) => value.quota?.user === bytes)
    await quota(1_000)
    write("info", "lots")
    house.hangUp()
    await expect.poll(() => house?.output()).toContain(`${conf}, line 4`)
    await expect.poll(() => house?.output()).toContain("nothing has changed")
    write("debug", "2000")
    house.hangUp()
    await expect.poll(() => house?.output()).toContain('"changed":["logLevel","userFileBytes"]')
    const bo = openPerson(house.url)
    people.push(bo)
    await bo.register("bo")
    await bo.until("quota", undefined, (value) => value.quota?.user === 2_000)
    expect(house.output()).toContain('"route":')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

type Items = Parameters<Parameters<Person["timeline"]>[1]>[0]
/** Of this person's own, those that the house has acknowledged. */
const sentIn = (items: Items): string[] =>
  items.flatMap((item) =>
    item.type === "message" && item.mine && item.seq !== undefined && item.delivery !== "waiting"
      ? [item.text]
      : [],
  )

async function reads(one: Person, room: Id, count: number): Promise<string[]> {
  const args = { room, around: "end", limit: 5_000 } as const
  const { items } = await one.until("timeline", args, (value) => {
    const waits = value.items.some((item) => item.type === "message" && item.seq === undefined)
    return !waits && textsOf(value.items).length >= count
  })
  return textsOf(items)
}
