/**
 * A house that was restored from a backup and is behind its members (docs/decisions/33-a-house-behind-its-members.md): what it has lost
 * stays readable, everybody's own messages are in the log again, once, and the room goes on.
 */
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { seeded } from "../seeded.ts"
import { houseAndBackups } from "./house-and-backups.ts"
import { signedIn } from "./house-for-each.ts"
import { arriveAsFriends, befriend, type Disk, newDisk, type Person, textsOf } from "./person.ts"

const { person, backUp, restore } = houseAndBackups()

const lostOf = (items: readonly TimelineItem[]): string[] =>
  items.flatMap((item) => (item.type === "message" && item.lost ? [item.text] : []))
const countOf = (items: readonly TimelineItem[]): number[] =>
  items.flatMap((item) => (item.type === "event" && item.event.kind === "lost" ? [item.event.count] : []))
const sentOf = (items: readonly TimelineItem[]): string[] =>
  items.flatMap((item) =>
    item.type === "message" && !item.lost && item.seq !== undefined ? [item.text] : [],
  )
const same = (a: readonly unknown[], b: readonly unknown[]) => JSON.stringify(a) === JSON.stringify(b)
const stored = (items: readonly TimelineItem[]) =>
  items.every((item) => item.type !== "message" || item.seq !== undefined)
const alarmsOf = async (one: Person) =>
  (await one.until("connection", undefined, () => true)).alarms.map(({ kind }) => kind)
const told = (one: Person, room: Id) =>
  one.until("connection", undefined, ({ alarms }) =>
    alarms.some((each) => each.kind === "new_incarnation" && each.room === room),
  )

test("messages that the house has lost are sent again by whoever had sent them, in order and once", async () => {
  const [lan, bo] = [person(), person()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await lan.say(room, "kept")
  for (const one of [lan, bo]) await one.reads(room, ["kept"])
  await backUp("last night")
  const lost = ["one", "two", "three", "four"]
  for (const [i, text] of lost.entries()) {
    await (i % 2 ? bo : lan).say(room, text)
    for (const one of [lan, bo]) await one.reads(room, ["kept", ...lost.slice(0, i + 1)])
  }
  await restore("last night")
  for (const one of [lan, bo]) await told(one, room)
  const back = (items: readonly TimelineItem[]) =>
    stored(items) && lostOf(items).length === 0 && same([...sentOf(items)].sort(), ["kept", ...lost].sort())
  const [here, there] = await Promise.all([lan, bo].map((one) => one.timeline(room, back)))
  expect(sentOf(here?.items ?? [])).toEqual(sentOf(there?.items ?? []))
  const order = sentOf(here?.items ?? [])
  expect(order.filter((text) => text === "one" || text === "three")).toEqual(["one", "three"])
  expect(order.filter((text) => text === "two" || text === "four")).toEqual(["two", "four"])
  await bo.say(room, "five")
  for (const one of [lan, bo])
    await one.timeline(
      room,
      (items) => same(sentOf(items).slice(-1), ["five"]) && countOf(items).length === 0,
    )
  for (const one of [lan, bo]) expect(new Set(await alarmsOf(one))).toEqual(new Set(["new_incarnation"]))
})

test("what somebody else had sent stays here under its mark, on all of one's devices, until they come back", async () => {
  const disk = newDisk()
  const [lan, first] = [person(), person(disk)]
  const room = await arriveAsFriends(lan, "lan", first, "bo")
  await lan.say(room, "kept")
  for (const one of [lan, first]) await one.reads(room, ["kept"])
  await backUp("last night")
  await first.say(room, "not kept")
  for (const one of [lan, first]) await one.reads(room, ["kept", "not kept"])
  await first.client.stop()
  await restore("last night")
  await told(lan, room)
  await lan.say(room, "after")
  const shown = (items: readonly TimelineItem[]) =>
    same(lostOf(items), ["not kept"]) && same(sentOf(items), ["kept", "after"]) && same(countOf(items), [1])
  const { items } = await lan.timeline(room, shown)
  const line = items.find((item) => item.type === "event" && item.event.kind === "lost")
  const places = items.flatMap(({ seq }) => seq ?? [])
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(Number.isInteger(line?.seq)).toBe(false)
  // A window that begins there shows it too, and one that ends before it does not.
  const around = await lan.until("timeline", { room, around: line?.seq ?? 0, limit: 3 }, () => true)
  expect(countOf(around.items)).toEqual([1])
  // A new device has it from the account's own history.
  await lan.safe()
  const tablet = person()
  await tablet.signIn("lan")
  await tablet.timeline(room, shown)

  const bo = person(disk)
  for (const one of [lan, bo, tablet])
    await one.timeline(
      room,
      (now) => stored(now) && same(textsOf(now), ["kept", "after", "not kept"]) && lostOf(now).length === 0,
    )
})

// Nobody is left in the kept epoch to vouch for it, or is not in time.
const hasty = (disk: Disk = newDisk()) =>
  person({ ...disk, pace: { complainAfterMs: 300, pastTurnsAnHour: 1_000 } })

test("a group whose commits are lost goes on; who was added comes back, who was taken out does not read on", async () => {
  const disk = newDisk()
  const [lan, bo, mei, eve, tan] = [hasty(), hasty(), hasty(), hasty(disk), hasty()]
  const names = ["lan", "bo", "mei", "eve", "tan"]
  for (const [i, one] of [lan, bo, mei, eve, tan].entries()) await one.register(names[i] ?? "")
  for (const [i, one] of [bo, mei, eve, tan].entries()) await befriend(lan, "lan", one, names[i + 1] ?? "")
  const user = async (one: Person) => (await signedIn(one)).user
  const members = [await user(bo), await user(mei), await user(eve)]
  const { room } = await lan.must("createGroup", { name: "Tea", members })
  const inGroup = (one: Person, on = true) =>
    one.until("roomList", undefined, ({ rooms }) => rooms.some((listed) => listed.room === room) === on)
  for (const one of [lan, bo, mei, eve]) await inGroup(one)
  await lan.say(room, "kept")
  for (const one of [lan, bo, mei, eve]) await one.timeline(room, (items) => same(sentOf(items), ["kept"]))
  // She hears nothing of what follows, so her device knows no better than the restored house.
  const out = await user(eve)
  await eve.client.stop()
  await backUp("last night")
  await lan.must("removeFromGroup", { room, user: out })
  await lan.must("inviteToGroup", { room, users: [await user(tan)] })
  await inGroup(tan)
  await tan.say(room, "tan is here")
  await bo.say(room, "bo too")
  const before = ["kept", "tan is here", "bo too"]
  for (const one of [lan, bo, mei])
    await one.timeline(room, (items) => same([...sentOf(items)].sort(), [...before].sort()))
  await tan.timeline(room, (items) => sentOf(items).includes("bo too"))
  await restore("last night")
  const back = hasty(disk)
  await lan.say(room, "goes on")
  const all = [...before, "goes on"].sort()
  for (const one of [lan, bo, mei])
    await one.timeline(room, (items) => stored(items) && same([...sentOf(items)].sort(), all))
  await tan.timeline(room, (items) => sentOf(items).includes("tan is here"))
  await mei.say(room, "for those who are here")
  for (const one of [lan, bo, mei, tan])
    await one.timeline(room, (items) => sentOf(items).includes("for those who are here"))
  await back.until("room", { room }, (now) => now.state === "here" && now.closed === "removed")
  const { items } = await back.timeline(room, () => true)
  expect(textsOf(items)).toEqual(["kept"])
  await lan.until(
    "room",
    { room },
    (now) => now.state === "here" && now.members.every((member) => member.user !== out),
  )
  for (const one of [lan, bo, mei, tan])
    expect(new Set(await alarmsOf(one))).toEqual(new Set(["new_incarnation"]))
})

/** A private chat lets a device in without anybody's word after a minute, which is over by these clocks. */
const patient = (disk: Disk = newDisk()) => person({ ...disk, clock: () => Date.now() + 120_000 })

test("a private chat whose two people are both ahead by commits goes on without anybody choosing", async () => {
  const [lan, bo] = [patient(), patient()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await lan.say(room, "kept")
  for (const one of [lan, bo]) await one.reads(room, ["kept"])
  await backUp("last night")
  // A device that the restored house has never heard of: it is signed out, and comes in anew.
  const tablet = patient()
  await tablet.signIn("lan")
  await tablet.chatWith("bo")
  await tablet.say(room, "from a new device")
  for (const one of [lan, bo])
    await one.timeline(room, (items) => same(sentOf(items), ["kept", "from a new device"]))
  await bo.say(room, "lost too")
  await lan.timeline(room, (items) => sentOf(items).includes("lost too"))
  await restore("last night")
  await tablet.until("session", undefined, ({ state }) => state === "signed_out")
  for (const one of [lan, bo]) await told(one, room)
  await lan.say(room, "on")
  await bo.say(room, "and on")
  const now = ["kept", "lost too", "on", "and on"].sort()
  const goesOn = (items: readonly TimelineItem[]) =>
    stored(items) && same([...sentOf(items)].sort(), now) && same(lostOf(items), ["from a new device"])
  for (const one of [lan, bo]) await one.timeline(room, goesOn)
  await tablet.signIn("lan")
  await tablet.timeline(room, (items) => textsOf(items).includes("and on"))
  await tablet.say(room, "here again")
  for (const one of [lan, bo]) await one.timeline(room, (items) => sentOf(items).includes("here again"))
  for (const one of [lan, bo]) expect(new Set(await alarmsOf(one))).toEqual(new Set(["new_incarnation"]))
})

test("a second new life is an alarm of its own, and what was sent again is sent again once more", async () => {
  const [lan, bo] = [person(), person()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await lan.say(room, "kept")
  for (const one of [lan, bo]) await one.reads(room, ["kept"])
  await backUp("last night")
  await lan.say(room, "lost twice")
  await bo.reads(room, ["kept", "lost twice"])
  const lines = ["kept", "lost twice"]
  for (const kinds of [["new_incarnation"], ["new_incarnation", "restored_again"]]) {
    await restore("last night")
    for (const one of [lan, bo])
      await one.until("connection", undefined, ({ alarms }) =>
        same([...new Set(alarms.map(({ kind }) => kind))].sort(), kinds),
      )
    lines.push(`after ${kinds.length}`)
    await bo.say(room, lines.at(-1) ?? "")
    for (const one of [lan, bo])
      await one.timeline(
        room,
        (items) =>
          stored(items) && lostOf(items).length === 0 && same([...textsOf(items)].sort(), [...lines].sort()),
      )
  }
})

const asked = process.env.TEAHOUSE_SEEDS ?? (process.env.TEAHOUSE_REQUIRE_ALL === "1" ? "2,3" : "3")
const seeds = asked.split(",").map(Number)

/**
 * Three people, one of them with two devices, and a guest who comes and goes. At some moment the house is set back to the backup, and
 * once more later. In the end all have one log with every line in it once, and nobody has lost what they had read.
 */
test.each(seeds)("whatever happened before and after (seed %i)", { timeout: 240_000 }, async (seed) => {
  const chance = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T
  const disks = [newDisk(), newDisk(), newDisk(), newDisk()]
  const all = disks.map((disk) => hasty(disk))
  const [lan, tablet, bo, mei] = all as [Person, Person, Person, Person]
  const tan = hasty()
  const names = ["lan", "bo", "mei", "tan"]
  for (const [i, one] of [lan, bo, mei, tan].entries()) await one.register(names[i] ?? "")
  for (const [i, one] of [bo, mei, tan].entries()) await befriend(lan, "lan", one, names[i + 1] ?? "")
  const users = await Promise.all([bo, mei, tan].map(async (one) => (await signedIn(one)).user))
  const guest = users[2] as Id
  const { room } = await lan.must("createGroup", { name: "Tea", members: users.slice(0, 2) })
  await tablet.signIn("lan")
  const listed = (one: Person) =>
    one.until("roomList", undefined, ({ rooms }) => rooms.some((each) => each.room === room))
  for (const one of all) await listed(one)

  const lines: string[] = []
  const read = disks.map(() => new Set<string>())
  let inside = false
  const happened: string[] = []
  const note = async () => {
    for (const [i, one] of all.entries()) {
      if (!one) continue
      const { items } = await one.until("timeline", { room, around: "end", limit: 500 }, () => true)
      for (const text of sentOf(items)) read[i]?.add(text)
    }
  }
  const caughtUp = (items: readonly TimelineItem[]) =>
    stored(items) && lostOf(items).length === 0 && same([...sentOf(items)].sort(), [...lines].sort())
  /** Who came in again late asks the others for what was said before, and they take turns. */
  const whole = async (one: Person) => {
    for (let patience = 4; ; patience--) {
      const timeline = await one.timeline(room, caughtUp).catch((error: unknown) => error)
      if (!(timeline instanceof Error)) return timeline as Awaited<ReturnType<Person["timeline"]>>
      if (patience === 0) throw timeline
    }
  }
  const events = {
    async say(i: number) {
      const line = `${i} says ${lines.length}`
      lines.push(line)
      await all[i]?.say(room, line)
    },
    async readAll() {
      for (const one of all) await whole(one)
      await note()
    },
    async away(i: number) {
      await all[i]?.client.stop()
      await events.say(pick([0, 1, 2, 3].filter((other) => other !== i)))
      all[i] = hasty(disks[i])
      await listed(all[i] as Person)
    },
    async guest() {
      // Where one device takes somebody out and another lets them in, who was taken out stays out: here nobody disagrees.
      for (const i of all.keys()) await events.say(i)
      await events.readAll()
      const one = all[0] as Person
      await one.until("connection", undefined, ({ state }) => state === "connected")
      for (let attempt = 0; ; attempt++) {
        const done = await (inside
          ? one.command("removeFromGroup", { room, user: guest })
          : one.command("inviteToGroup", { room, users: [guest] }))
        if (done.ok) break
        if (attempt > 40) throw new Error(`the guest: ${done.error.kind}`)
        await new Promise((after) => setTimeout(after, 100))
      }
      inside = !inside
    },
  }
  const year = async (steps: number) => {
    for (let step = 0; step < steps; step++) {
      const name = pick(["say", "say", "say", "readAll", "away", "guest"] as const)
      const i = pick([0, 1, 2, 3])
      happened.push(`${i}: ${name}`)
      await events[name](i)
    }
  }
  try {
    await year(3)
    await backUp("some night")
    await year(6)
    await note()
    for (const again of [1, 2]) {
      happened.push(`restored ${again}`)
      await restore("some night")
      await year(3)
      for (const one of all) await whole(one)
      await note()
    }
    const logs = await Promise.all(all.map((one) => whole(one)))
    for (const { items } of logs) expect(sentOf(items)).toEqual(sentOf(logs[0]?.items ?? []))
    for (const [i, { items }] of logs.entries())
      for (const text of read[i] ?? []) expect(textsOf(items)).toContain(text)
    for (const one of all)
      await one.until(
        "room",
        { room },
        (now) => now.state === "here" && now.members.some(({ user }) => user === guest) === inside,
      )
  } catch (error) {
    throw new Error(`after ${happened.join(", ")}: ${String(error).slice(0, 1500)}`, { cause: error })
  }
})
