/** A house that lies is reported; a member who misbehaves costs a notice or a rejoin, never the room. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Down } from "@teahouse/protocol/down.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, eventsOf, newDisk, openPerson, type Person, textsOf } from "./person.ts"
import { type Poison, poisonous } from "./poison.ts"
import { forkWithout, inEntries, type Tamper, tampered } from "./tamper.ts"

let folder: string
let house: RunningHouse
let people: Person[]
const person = (more: Parameters<typeof openPerson>[2] = {}, disk = newDisk()) => {
  const made = openPerson(house.url, disk, more)
  people.push(made)
  return made
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-hostile-"))
  const limits = { commitIntervalMs: 100, commitBurst: 20 }
  house = await startHouse({ port: 0, data: folder, stretching: cheap, logLevel: "silent", limits })
  people = []
})
afterEach(async () => {
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

/** lan sees the house through `tamper`; bo sees it as it is. */
async function victim(down?: Tamper["down"]) {
  const tamper: Tamper = down ? { down } : {}
  const lan = person({ openSocket: tampered(tamper) })
  const bo = person()
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await bo.say(room, "before")
  await lan.reads(room, ["before"])
  return { tamper, lan, bo, room }
}
const isMessage = (entry: Entry) => entry.kind === 0
const alarm = (one: Person, kind: string) =>
  one.until("connection", undefined, ({ alarms }) => alarms.some((each) => each.kind === kind))

test("an entry that is kept back is reported, and read when it comes after all", async () => {
  const { tamper, lan, bo, room } = await victim()
  let hidden: number | undefined
  tamper.down = inEntries(
    () => room,
    (entries) =>
      entries.filter((entry) => {
        if (isMessage(entry)) hidden ??= entry.seq
        return entry.seq !== hidden
      }),
  )
  await bo.say(room, "hidden")
  await bo.reads(room, ["before", "hidden"])
  await bo.say(room, "shown")
  const { alarms } = await alarm(lan, "forked")
  delete tamper.down
  await lan.reads(room, ["before", "hidden", "shown"])
  await lan.must("dismissAlarm", { id: alarms[0]?.id as string })
  await lan.until("connection", undefined, (value) => value.alarms.length === 0)
})

test("a frame that is lost is fetched, and what comes before the answer is no alarm", async () => {
  const { tamper, lan, bo, room } = await victim()
  let hidden = 0
  tamper.down = (frame) => {
    if (frame.t === "entries" && frame.room === room && hidden++ === 0) return undefined
    // What answers the question comes last.
    return frame
  }
  const texts = ["one", "two", "three", "four"]
  for (const text of texts) await bo.say(room, text)
  await lan.reads(room, ["before", ...texts])
  const { alarms } = await lan.until("connection", undefined, () => true)
  expect(alarms).toEqual([])
})

test("entries in another order, or changed, are reported and not shown", async () => {
  const { tamper, lan, bo, room } = await victim()
  const held: Entry[] = []
  tamper.down = inEntries(
    () => room,
    (entries) => {
      held.push(...entries.filter(isMessage))
      const [a, b] = held
      if (!a || !b) return []
      return [
        { ...b, seq: a.seq },
        { ...a, seq: b.seq },
      ]
    },
  )
  await bo.say(room, "first")
  await bo.reads(room, ["before", "first"])
  await bo.say(room, "second")
  await alarm(lan, "forked")
  delete tamper.down
  await lan.reads(room, ["before", "first", "second"])
})

test("a consistent lie is found out by what the other member saw", async () => {
  let armed = false
  const { tamper, lan, bo, room } = await victim(forkWithout((entry) => armed && isMessage(entry)))
  expect(tamper.down).toBeDefined()
  armed = true
  await bo.say(room, "never happened")
  await bo.reads(room, ["before", "never happened"])
  await bo.say(room, "after it")
  await alarm(lan, "forked")
  const { items } = await lan.timeline(room, (all) => textsOf(all).includes("after it"))
  expect(textsOf(items)).not.toContain("never happened")
})

test("a head that the house did not sign, and a log that goes back, are reported", async () => {
  const { tamper, lan, bo, room } = await victim()
  tamper.down = (frame: Down) => {
    if (frame.t !== "entries" || !frame.head) return frame
    return { ...frame, head: { ...frame.head, signature: new Uint8Array(64) } }
  }
  await bo.say(room, "unsigned")
  await alarm(lan, "bad_signature")
  tamper.down = (frame: Down) => {
    if (frame.t !== "live" || frame.room !== room) return frame
    const { head: _, ...rest } = frame
    return { ...rest, seq: 3 }
  }
  const { port } = house
  await house.stop()
  house = await startHouse({ port, data: folder, stretching: cheap, logLevel: "silent" })
  await alarm(lan, "rolled_back")
})

test("a member who posts garbage costs one notice", async () => {
  const { lan, room } = await victim()
  const tamper: Tamper = {}
  const eve = person({ openSocket: tampered(tamper) })
  await eve.register("eve")
  const withEve = await befriend(lan, "lan", eve, "eve")
  expect(withEve).not.toBe(room)
  await eve.say(withEve, "good")
  await lan.reads(withEve, ["good"])
  tamper.up = (frame) => {
    if (frame.t !== "send") return frame
    const items = frame.items.map(({ n, body }) => {
      const bad = body.slice()
      bad.set([(bad[bad.length - 1] as number) ^ 1], bad.length - 1)
      return { n, body: bad }
    })
    return { ...frame, items }
  }
  await eve.say(withEve, "spoiled")
  const { items } = await lan.timeline(withEve, (all) => eventsOf(all).includes("unreadable"))
  expect(eventsOf(items).filter((kind) => kind === "unreadable")).toHaveLength(1)
  // For eve's client it is the house that changed what it had sealed.
  await alarm(eve, "forked")
  delete tamper.up
  await eve.say(withEve, "good again")
  await lan.timeline(withEve, (all) => textsOf(all).join() === "good,good again")
  await lan.say(withEve, "still here")
  await eve.timeline(withEve, (all) => textsOf(all).includes("still here"))
})

test("a commit that nobody can process costs a rejoin", async () => {
  const poison: Poison = { on: false, commits: [] }
  const lan = person()
  const eve = person({ crypto: poisonous(poison) })
  await lan.register("lan")
  await eve.register("eve")
  poison.on = true
  // Accepting leads to eve's first commit by itself.
  const room: Id = await befriend(lan, "lan", eve, "eve")
  await lan.timeline(room, (all) => eventsOf(all).includes("rejoined"))
  // The forger has lost the keys of its own path with it.
  await eve.timeline(room, (all) => eventsOf(all).includes("rejoined"))
  expect(poison.commits).toHaveLength(1)
  await lan.say(room, "that was unpleasant")
  await eve.timeline(room, (all) => textsOf(all).includes("that was unpleasant"))
  await eve.say(room, "sorry")
  await lan.timeline(room, (all) => textsOf(all).includes("sorry"))
})
