/**
 * The delivery contract from the outside: whatever is lost, doubled, late or cut off, and at whichever write the power
 * goes, in the end both people read the same messages in the same order, each exactly once, and none that was stored is missing.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { seeded } from "../seeded.ts"
import { machineOn, newPower, type Power, stormyFetch, stormySocket, type Weather } from "./faults.ts"
import { befriend, cheap, newDisk, openPerson, PASSWORD, type Person, textsOf } from "./person.ts"

const limits = {
  newDevicesPerDay: 1_000,
  signInsPerMinuteAccount: 1_000,
  signInsPerMinuteAddress: 1_000,
  heavyPerMinute: 100_000,
  heavyBurst: 100_000,
  userDevices: 1_000,
  commitQuietMs: 10,
  commitIntervalMs: 50,
  commitBurst: 50,
  sendsPerSecond: 10_000,
  sendBurst: 10_000,
}
const fast = { connection: { firstRetryMs: 10, maxRetryMs: 60 } }
const calm = { cut: 0, twice: 0, late: 0 }

let folder: string
let house: RunningHouse
let open: Person[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-faults-"))
  house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent", limits })
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function shown(one: Person, room: Id): Promise<string[]> {
  const { items } = await one.timeline(room, () => true)
  return textsOf(items)
}

/** Both read the same, each text once, and all of these. */
async function agree(a: Person, b: Person, room: Id, stored: readonly string[]) {
  for (const one of [a, b]) {
    await one.until("connection", undefined, (value) => value.state === "connected" && value.waiting === 0)
    await one.timeline(room, (items) => stored.every((text) => textsOf(items).includes(text)))
  }
  const last = `the end ${Math.random()}`
  await a.say(room, last)
  await Promise.all([a, b].map((one) => one.timeline(room, (items) => textsOf(items).includes(last))))
  const [left, right] = [await shown(a, room), await shown(b, room)]
  expect(left).toEqual(right)
  expect(new Set(left).size).toBe(left.length)
  // Each one's own stand in the order in which they were written.
  for (const name of ["lan", "bo"]) {
    const own = stored.filter((text) => text.startsWith(name))
    expect(left.filter((text) => own.includes(text))).toEqual(own)
  }
  for (const one of [a, b]) expect(one.bugs).toEqual([])
}

test.each([1, 2, 3, 4])("the power goes at any write (seed %i)", async (seed) => {
  const random = seeded(seed)
  const disk = newDisk()
  let power = newPower()
  const start = (): Person => {
    power = newPower()
    const weather: Weather = { random, ...calm }
    return openPerson(house.url, machineOn(disk, power), {
      ...fast,
      openSocket: stormySocket(weather, power),
      fetch: stormyFetch(weather, power),
    })
  }
  let lan = start()
  const bo = openPerson(house.url)
  open.push(bo)
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const stored: string[] = []
  for (let round = 0; round < 14; round++) {
    power.left = Math.floor(random() * 7)
    power.written = random() < 0.5
    const dies: Power = power
    const write = async (text: string) => {
      await lan.say(room, text)
      if (!dies.off) stored.push(text)
    }
    void write(`lan ${round} a`).then(() => write(`lan ${round} b`))
    await bo.say(room, `bo ${round}`)
    stored.push(`bo ${round}`)
    for (let i = 0; i < 40 && !power.off; i++) await new Promise((done) => setTimeout(done, 10))
    if (!power.off) power.off = true
    lan = start()
  }
  open.push(lan)
  await agree(lan, bo, room, stored)
})

test.each([11, 12, 13])(
  "frames are lost with their connection, doubled, late; requests get lost (seed %i)",
  async (seed) => {
    const random = seeded(seed)
    const storm: Weather = { random, ...calm }
    const stormy = { ...fast, openSocket: stormySocket(storm), fetch: stormyFetch(storm) }
    const [lan, bo] = [openPerson(house.url, newDisk(), stormy), openPerson(house.url, newDisk(), stormy)]
    open.push(lan, bo)
    await lan.register("lan")
    await bo.register("bo")
    const room = await befriend(lan, "lan", bo, "bo")
    Object.assign(storm, { cut: 0.05, twice: 0.2, late: 0.2 })
    const stored: string[] = []
    for (let i = 0; i < 60; i++) {
      const [name, one] = random() < 0.5 ? (["lan", lan] as const) : (["bo", bo] as const)
      await one.say(room, `${name} ${i}`)
      stored.push(`${name} ${i}`)
      if (random() < 0.5) await new Promise((done) => setTimeout(done, 40 * random()))
    }
    Object.assign(storm, calm)
    await agree(lan, bo, room, stored)
  },
)

/** Starts a person whose power goes after some writes, again and again until `done` says that all is there. */
async function stubborn(
  random: () => number,
  rounds: number,
  act: (one: Person) => Promise<unknown>,
): Promise<Person> {
  const disk = newDisk()
  for (let round = 0; ; round++) {
    const power = newPower()
    const weather: Weather = { random, ...calm }
    const one = openPerson(house.url, machineOn(disk, power), {
      ...fast,
      openSocket: stormySocket(weather, power),
      fetch: stormyFetch(weather, power),
    })
    if (round < rounds) {
      power.left = Math.floor(random() * 14)
      power.written = random() < 0.5
    } else open.push(one)
    const acted = act(one)
    if (round === rounds) {
      await acted
      return one
    }
    void acted.catch(() => {})
    for (let i = 0; i < 60 && !power.off; i++) await new Promise((done) => setTimeout(done, 10))
    power.off = true
  }
}

test.each([21, 22])(
  "the power goes while people meet and a second device comes in (seed %i)",
  async (seed) => {
    const random = seeded(seed)
    const bo = openPerson(house.url)
    open.push(bo)
    await bo.register("bo")
    const enter = async (one: Person) => {
      const session = await one.until("session", undefined, (value) => value.state !== "starting")
      if (
        session.state === "signed_out" &&
        !(await one.command("signIn", { username: "lan", password: PASSWORD })).ok
      ) {
        await one.must("createAccount", { username: "lan", password: PASSWORD })
      }
      // The power may have gone between creating and confirming.
      await one.must("confirmRecoveryCode", {})
      await one.until("connection", undefined, (value) => value.state === "connected")
    }
    const lan = await stubborn(random, 8, async (one) => {
      await enter(one)
      await one.command("requestFriend", { username: "bo", line: "hello" })
      await one.until("contacts", undefined, (value) => value.outgoing.length + value.friends.length > 0)
    })
    const { incoming } = await bo.until("contacts", undefined, (value) => value.incoming.length === 1)
    expect(incoming[0]?.line).toBe("hello")
    await bo.must("acceptRequest", { id: incoming[0]?.id as Id })
    const room = await lan.chatWith("bo")
    const phone = await stubborn(random, 8, async (one) => {
      await enter(one)
      await one.chatWith("bo")
    })
    await phone.say(room, "from the phone")
    await lan.timeline(room, (items) => textsOf(items).includes("from the phone"))
    await bo.say(room, "to both")
    for (const one of [lan, phone]) await one.timeline(room, (items) => textsOf(items).includes("to both"))
    for (const one of [lan, phone, bo]) expect(one.bugs).toEqual([])
  },
)
