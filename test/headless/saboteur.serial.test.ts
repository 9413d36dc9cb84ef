/**
 * A member who shuts everybody out of a group (SECURITY R3): commits that pass every check of the house, with keys for nobody and
 * no way back in. The others complain, and an owner's or admin's device opens the room's next generation.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { groupOf } from "./group-of-three.ts"
import { houseForEach } from "./house-for-each.ts"
import { eventsOf, newDisk, type Person, textsOf } from "./person.ts"
import { type Poison, poisonous } from "./poison.ts"

/** Of the house, and of a plain member's client in the test where it has any. */
const PATIENCE_MS = 4_000
const { person, rows } = houseForEach({
  commitIntervalMs: 100,
  commitBurst: 20,
  generationPatienceMs: PATIENCE_MS,
  generationIntervalMs: 0,
})
const pace = { complainAfterMs: 300 }
const shut = (): Poison => ({ on: false, generation: 0, commits: [], shut: true })

const renewed = (one: Person, room: Id, times = 1) =>
  one.timeline(room, (all) => eventsOf(all).filter((kind) => kind === "renewed").length === times)
const hears = (one: Person, room: Id, text: string) =>
  one.timeline(room, (all) => textsOf(all).includes(text))
/** Everybody says something, and everybody hears it. */
async function talk(people: readonly Person[], room: Id, of: string) {
  for (const [i, one] of people.entries()) await one.say(room, `${of} ${i}`)
  for (const one of people) for (const i of people.keys()) await hears(one, room, `${of} ${i}`)
}
const groupRow = () => rows("SELECT generation, epoch, seq FROM room WHERE kind = 1")[0] ?? {}
const notices = () => Number(rows("SELECT COUNT(*) AS count FROM entry WHERE kind = 2")[0]?.count)

/** lan owns a group with bo and the admin eve, whose client does what `poison` says. */
async function group(poison: Poison, disk = newDisk(), patience = {}) {
  const lan = person({ ...disk, pace })
  const bo = person({ pace: { ...pace, ...patience } })
  const eve = person({ pace, crypto: poisonous(poison) })
  const room = await groupOf({ lan, bo, eve })
  await talk([lan, bo, eve], room, "before")
  return { lan, bo, eve, room }
}

/** A change of the rules is a commit, and an admin may make one. */
async function sabotage(poison: Poison, eve: Person, room: Id) {
  poison.commits.length = 0
  poison.generation = Number(groupRow().generation)
  poison.on = true
  void eve.command("setPastRule", { room, days: 7 })
  const placed = (body: Uint8Array) => rows("SELECT 1 FROM entry WHERE kind = 1 AND body = ?", body).length
  await expect.poll(() => poison.commits.some(placed)).toBe(true)
}

test("shut out of the group, all are back in its next generation, with what was said before and who was there", async () => {
  const poison = shut()
  const { lan, bo, eve, room } = await group(poison)
  await sabotage(poison, eve, room)
  for (const one of [lan, bo, eve]) await renewed(one, room)
  expect(groupRow().generation).toBe(1)
  await talk([lan, bo, eve], room, "after")
  const { items } = await bo.timeline(room, () => true)
  const texts = ["before", "after"].flatMap((time) => [0, 1, 2].map((i) => `${time} ${i}`))
  expect(textsOf(items).sort()).toEqual(texts.sort())
  expect(eventsOf(items)).not.toContain("unreadable")
  const shown = await bo.until("room", { room }, (value) => value.state === "here" && value.writable)
  if (shown.state !== "here") throw new Error("not here")
  expect(shown.members.map(({ username, role }) => `${username} ${role}`).sort()).toEqual([
    "bo member",
    "eve admin",
    "lan owner",
  ])
  for (const one of [lan, bo, eve])
    expect((await one.until("connection", undefined, () => true)).alarms).toEqual([])
})

test("again and again: each time they come back", async () => {
  const poison = shut()
  const { lan, bo, eve, room } = await group(poison)
  for (const time of [1, 2]) {
    await sabotage(poison, eve, room)
    for (const one of [lan, bo]) await renewed(one, room, time)
    await talk([lan, bo], room, `after ${time}`)
    // She has to be in it to do it again.
    await hears(eve, room, `after ${time} 1`)
  }
  expect(groupRow().generation).toBe(2)
})

test("the owner was away: what they complain of waits, and what they write meanwhile is sent", async () => {
  const poison = shut()
  const disk = newDisk()
  const { lan, bo, eve, room } = await group(poison, disk)
  await lan.client.stop()
  const before = notices()
  await sabotage(poison, eve, room)
  await expect.poll(notices).toBeGreaterThan(before)
  await bo.say(room, "is anybody there?")
  const back = person({ ...disk, pace })
  await renewed(back, room)
  await hears(back, room, "is anybody there?")
  await talk([back, bo], room, "after")
})

test("an owner who had lost the keys before a restart still knows what was agreed on", async () => {
  const poison = shut()
  const disk = newDisk()
  const { lan, bo, eve, room } = await group(poison, disk)
  const silent = person({ ...disk, pace: { ...pace, complainAfterMs: 3_600_000 } })
  await lan.client.stop()
  await silent.until("connection", undefined, (value) => value.state === "connected")
  await sabotage(poison, eve, room)
  await eve.client.stop()
  // Lost, and not complaining.
  await silent.until("room", { room }, (value) => value.state === "here" && value.role === "member")
  await silent.client.stop()
  const back = person({ ...disk, pace })
  await renewed(back, room)
  await talk([back, bo], room, "after")
})

test("where neither owner nor admin answers, a member does after a day", async () => {
  const poison = shut()
  const { lan, bo, eve, room } = await group(poison, newDisk(), { patienceMs: PATIENCE_MS })
  await lan.client.stop()
  await sabotage(poison, eve, room)
  await eve.client.stop()
  await renewed(bo, room)
  expect(groupRow().generation).toBe(1)
  await bo.say(room, "alone for now")
  await bo.timeline(room, (all) => {
    const said = all.findLast((item) => item.type === "message")
    return said?.text === "alone for now" && said.seq !== undefined
  })
})

test("who can follow a commit that shows no way in makes the next one, and a new device comes in", async () => {
  const poison: Poison = { ...shut(), readable: true }
  const { lan, bo, eve, room } = await group(poison)
  const { epoch } = groupRow()
  await sabotage(poison, eve, room)
  await eve.client.stop()
  await expect.poll(() => Number(groupRow().epoch)).toBeGreaterThan(Number(epoch) + 1)
  const phone = person({ pace })
  await phone.signIn("bo")
  await hears(phone, room, "before 0")
  await talk([lan, bo, phone], room, "after")
  expect(groupRow().generation).toBe(0)
})

test("a second device of a member who was shut out comes along, and so does one that is new", async () => {
  const poison = shut()
  const { lan, bo, eve, room } = await group(poison)
  const phone = person({ pace })
  await phone.signIn("bo")
  await hears(phone, room, "before 0")
  await sabotage(poison, eve, room)
  for (const one of [lan, bo, phone]) await renewed(one, room)
  const tablet = person({ pace })
  await tablet.signIn("bo")
  await talk([lan, bo, phone], room, "after")
  await hears(tablet, room, "after 2")
  await hears(tablet, room, "before 0")
})
