/**
 * Three people and what happens to them in a year, in seconds and by a seed: devices are lost, come and are taken away, passwords are
 * changed, somebody is away, connections fail, the house is restored from a backup. In the end all of them read the same lines in the
 * same order, each once.
 */
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { expect, test } from "vitest"
import { seeded } from "../seeded.ts"
import { newPower, stormyFetch, stormySocket, type Weather } from "./faults.ts"
import { houseAndBackups } from "./house-and-backups.ts"
import { signedIn } from "./house-for-each.ts"
import { befriend, newDisk, PASSWORD, type Person, textsOf } from "./person.ts"

const { person, backUp, restore } = houseAndBackups({ commitBurst: 100 })

const seeds = process.env.TEAHOUSE_REQUIRE_ALL === "1" ? [31, 32, 33, 34] : [31]

type Life = {
  readonly name: string
  password: string
  disk: ReturnType<typeof newDisk>
  one: Person
  said: number
}

test.each(seeds)("lives of three (seed %i)", { timeout: 240_000 }, async (seed) => {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const weather: Weather = { random, cut: 0, twice: 0, late: 0 }
  const power = newPower()
  const start = (disk: ReturnType<typeof newDisk>) => {
    return person({
      ...disk,
      connection: { firstRetryMs: 10, maxRetryMs: 60 },
      pace: { pastTurnsAnHour: 1_000 },
      openSocket: stormySocket(weather, power),
      fetch: stormyFetch(weather, power),
    })
  }
  const born = async (name: string): Promise<Life> => {
    const disk = newDisk()
    const life = { name, password: PASSWORD, disk, one: start(disk), said: 0 }
    await life.one.register(name)
    return life
  }
  const [lan, bo, mei] = [await born("lan"), await born("bo"), await born("mei")]
  const people = [lan, bo, mei]
  await befriend(lan.one, "lan", bo.one, "bo")
  await befriend(lan.one, "lan", mei.one, "mei")
  const members = [(await signedIn(bo.one)).user, (await signedIn(mei.one)).user]
  const { room } = await lan.one.must("createGroup", { name: "Tea", members })
  for (const { one } of people)
    await one.until("roomList", undefined, ({ rooms }) => rooms.some((listed) => listed.room === room))
  Object.assign(weather, { cut: 0.01, twice: 0.1, late: 0.1 })

  const lines: string[] = []
  let backups = 0
  const hasAll = (items: readonly TimelineItem[]) => {
    const texts = textsOf(items)
    return lines.every((line) => texts.includes(line))
  }
  const isThere = (item: TimelineItem) =>
    item.type !== "message" || (item.seq !== undefined && item.lost === undefined)
  /** The network may be what refuses. */
  const again = async (act: () => Promise<{ ok: boolean; error?: { kind: string } }>) => {
    for (let i = 0; ; i++) {
      const done = await act()
      if (done.ok) return
      if (i > 20) throw new Error(`never done: ${done.error?.kind}`)
      await new Promise((after) => setTimeout(after, 30))
    }
  }
  const arrived = async ({ one }: Life) => {
    // Of somebody whose store is still being opened nothing waits.
    await one.until("session", undefined, ({ state }) => state === "signed_in")
    await one.until("connection", undefined, ({ state, waiting }) => state === "connected" && waiting === 0)
  }
  /**
   * What every device that read it has lost before it was safe is gone, and nobody promises otherwise. So before a device goes, somebody
   * has all of it and the house keeps it for them; the others may lack as much as they like, and ask.
   */
  const remembered = () =>
    Promise.any(
      people.map(async ({ one }) => {
        await one.timeline(room, hasAll)
        await one.safe()
      }),
    )
  const signIn = async (life: Life) => {
    await life.one.until("session", undefined, ({ state }) => state !== "starting")
    await again(() => life.one.command("signIn", { username: life.name, password: life.password }))
    await life.one.until("roomList", undefined, ({ rooms }) => rooms.some((listed) => listed.room === room))
  }
  const removeOthers = async ({ one, password }: Life) => {
    // There is one; an answer that was lost shows this one alone.
    const isThere = (value: { devices: readonly { current: boolean }[] }) =>
      value.devices.some(({ current }) => !current)
    const { devices } = await one.until("devices", undefined, isThere)
    for (const { device, current } of devices)
      if (!current) await again(() => one.command("revokeDevice", { device, password }))
  }
  const say = async (life: Life) => {
    const line = `${life.name} ${life.said++}`
    await life.one.say(room, line)
    lines.push(line)
  }
  const events: Record<string, (life: Life) => Promise<unknown>> = {
    say,
    more: async (life) => {
      await say(life)
      await say(life)
    },
    away: async (life) => {
      await life.one.client.stop()
      const others = people.filter((other) => other !== life)
      await say(pick(others))
      life.one = start(life.disk)
    },
    // What had not left it is lost with it, and nobody promises otherwise.
    deviceLost: async (life) => {
      await arrived(life)
      await remembered()
      await life.one.client.stop()
      await say(pick(people.filter((other) => other !== life)))
      life.disk = newDisk()
      life.one = start(life.disk)
      await signIn(life)
      if (random() < 0.7) await removeOthers(life)
    },
    deviceAddedAndFirstRemoved: async (life) => {
      await arrived(life)
      await remembered()
      const first = life.one
      const second: Life = { ...life, disk: newDisk() }
      second.one = start(second.disk)
      await signIn(second)
      await removeOthers(second)
      await first.until("session", undefined, ({ state }) => state === "signed_out")
      await first.client.stop()
      Object.assign(life, { disk: second.disk, one: second.one })
    },
    passwordChanged: async (life) => {
      const password = `${PASSWORD} ${Math.floor(random() * 1_000_000)}`
      let current = life.password
      await again(async () => {
        const done = await life.one.command("changePassword", { current, password })
        // It may have been done, and the answer lost.
        if (!done.ok && done.error.kind === "wrong_credentials" && current !== password) current = password
        return done
      })
      life.password = password
    },
    restored: async (life) => {
      for (const one of people) await arrived(one)
      await backUp(`backup ${++backups}`)
      await say(life)
      await say(pick(people))
      for (const { one } of people) await one.timeline(room, hasAll)
      await restore(`backup ${backups}`)
      // What is said now reaches only who has heard of it.
      for (const one of people) await say(one)
      for (const one of people) await arrived(one)
      // Whoever said it says it again; a device that was lost before it came to that would leave it under its mark.
      for (const { one } of people) await one.timeline(room, (items) => hasAll(items) && items.every(isThere))
    },
  }
  const names = [
    ...["say", "say", "more", "away", "deviceLost", "deviceAddedAndFirstRemoved", "passwordChanged"],
    "restored",
  ]
  const happened: string[] = []
  try {
    for (let step = 0; step < 24; step++) {
      const name = pick(names)
      const life = pick(people)
      happened.push(`${life.name}: ${name}`)
      await events[name]?.(life)
    }
    Object.assign(weather, { cut: 0, twice: 0, late: 0 })
    happened.push("the end")
    for (const life of people) await arrived(life)
    const read = await Promise.all(
      people.map(async ({ name, one }) => {
        const { items } = await one.timeline(room, hasAll)
        return { name, texts: textsOf(items) }
      }),
    )
    for (const { texts } of read) expect(texts).toEqual(read[0]?.texts)
    expect(read[0]?.texts.length).toBe(lines.length)
    for (const { name } of people) {
      const own = lines.filter((line) => line.startsWith(`${name} `))
      expect(read[0]?.texts.filter((text) => text.startsWith(`${name} `))).toEqual(own)
    }
  } catch (error) {
    throw new Error(`after ${happened.join(", ")}: ${String(error).slice(0, 600)}`, { cause: error })
  }
})
