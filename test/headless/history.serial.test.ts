/** Nothing is ever lost: what was said is on every device of an account, whoever else is online (safekeeping.ts). */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { befriend, cheap, eventsOf, newDisk, openPerson, type Person, textsOf } from "./person.ts"

let folder: string
let house: RunningHouse
const people: Person[] = []
const releases: (() => void)[] = []
const limits = {
  ...{ commitIntervalMs: 100, commitBurst: 20, sendsPerSecond: 1_000, sendBurst: 1_000 },
  // All of this file's people come from one address within a minute.
  signInsPerMinuteAddress: 100,
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-history-"))
  house = await startHouse({ port: 0, data: folder, stretching: cheap, limits, logLevel: "silent" })
})
afterAll(async () => {
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  for (const release of releases) release()
  await Promise.all(people.map(({ client }) => client.stop()))
  const bugs = people.flatMap((one) => one.bugs)
  people.length = 0
  expect(bugs).toEqual([])
})

type More = NonNullable<Parameters<typeof openPerson>[2]>
const person = (more: Partial<More> = {}) => {
  const one = openPerson(house.url, undefined, more)
  people.push(one)
  return one
}
/** What the house has kept does not arrive before `release`. */
function held() {
  let release = () => {}
  const letGo = () => release()
  releases.push(letGo)
  const released = new Promise<void>((done) => {
    release = done
  })
  const late: typeof fetch = async (url, init) => {
    if (String(url).includes("/history/")) await released
    return fetch(url, init)
  }
  return { fetch: late as NonNullable<More["fetch"]>, release: letGo }
}

test("a new device has the past with the password alone, while no other device is there", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan")
  await bo.register("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const { room: group } = await lan.must("createGroup", { name: "茶友", members: [] })
  await lan.say(group, "first in the group")
  const all = Array.from({ length: 300 }, (_, i) => `line ${i}`)
  for (const text of all) await (Number(text.slice(5)) % 2 ? bo : lan).say(room, text)
  await bo.timeline(room, (items) => textsOf(items).length === 300)
  const { items } = await lan.timeline(room, (seen) => textsOf(seen).length === 300)
  const said = items.flatMap((one) => (one.type === "message" && one.seq ? [one] : []))
  const [liked, mine] = [said.find((one) => !one.mine)?.seq ?? 0, said.find((one) => one.mine)?.seq ?? 0]
  await lan.must("react", { room, seq: liked, emoji: "🍵", on: true })
  await lan.must("recall", { room, seq: mine })
  const done = (some: readonly TimelineItem[]) =>
    JSON.stringify(some).includes("🍵") && eventsOf(some).includes("recalled")
  await bo.timeline(room, done)
  await lan.timeline(room, (some) => done(some) && !JSON.stringify(some).includes('"waiting":true'))
  await lan.safe()
  await lan.must("signOut", { forget: true })

  const phone = person()
  await phone.signIn("lan")
  expect(await phone.chatWith("bo")).toBe(room)
  const seen = await phone.timeline(room, (some) => textsOf(some).length === 299)
  expect(eventsOf(seen.items)).not.toContain("history_from_here")
  expect(eventsOf(seen.items)).toContain("recalled")
  expect(JSON.stringify(seen.items.find((one) => one.seq === liked))).toContain("🍵")
  const list = await phone.until("roomList", undefined, ({ rooms }) =>
    rooms.some((one) => one.title === "茶友"),
  )
  expect(list.rooms.find((one) => one.room === group)?.last?.text).toBe("first in the group")
  await phone.until("safekeeping", undefined, ({ restoring }) => restoring === undefined)
  // It is a whole member too.
  await bo.say(room, "welcome back")
  await phone.timeline(room, (some) => textsOf(some).at(-1) === "welcome back")
})

test("what was done to an old message before it came is done to it when it comes", async () => {
  const [lan, bo] = [person(), person()]
  await lan.register("lan2")
  await bo.register("bo2")
  const room = await befriend(lan, "lan2", bo, "bo2")
  await lan.say(room, "to be liked")
  await lan.reads(room, ["to be liked"])
  await bo.reads(room, ["to be liked"])
  await bo.say(room, "to be recalled")
  const { items } = await bo.reads(room, ["to be liked", "to be recalled"])
  const seqs = items.flatMap((one) => (one.type === "message" && one.seq ? [one.seq] : []))
  await lan.reads(room, ["to be liked", "to be recalled"])
  await lan.safe()
  await lan.client.stop()

  const { fetch: late, release } = held()
  const phone = person({ fetch: late })
  await phone.signIn("lan2")
  await phone.chatWith("bo2")
  await bo.must("recall", { room, seq: seqs[1] ?? 0 })
  await bo.must("react", { room, seq: seqs[0] ?? 0, emoji: "👍", on: true })
  await bo.say(room, "done")
  await phone.timeline(room, (some) => textsOf(some).join() === "done")
  release()
  const seen = await phone.timeline(
    room,
    (some) => textsOf(some).join() === "to be liked,done" && JSON.stringify(some).includes("👍"),
  )
  expect(eventsOf(seen.items)).toContain("recalled")
})

/** Two friends with these lines in their chat, all of which the house has for the first of them. */
async function chatting(a: string, b: string, lines: number, more: Partial<More> = {}) {
  const [one, other] = [person(more), person()]
  await one.register(a)
  await other.register(b)
  const room = await befriend(one, a, other, b)
  const texts = Array.from({ length: lines }, (_, i) => `line ${i}`)
  for (const text of texts) await one.say(room, text)
  await one.reads(room, texts)
  await one.safe()
  return { one, other, room, texts }
}

test("two devices that keep the same chat end with the same, and then are quiet", async () => {
  let puts = 0
  const counting: typeof fetch = (url, init) => {
    if (init?.method === "PUT" && String(url).includes("/history/")) puts++
    return fetch(url, init)
  }
  const more = { fetch: counting as NonNullable<More["fetch"]> }
  const { one: laptop, other, room } = await chatting("fang", "hong", 3, more)
  const phone = person(more)
  await phone.signIn("fang")
  await phone.timeline(room, (items) => textsOf(items).length === 3)
  for (let i = 0; i < 40; i++) {
    await other.say(room, `to both ${i}`)
    if (i % 10 === 0) await laptop.say(room, `laptop ${i}`)
    if (i % 10 === 5) await phone.say(room, `phone ${i}`)
  }
  const all = await laptop.timeline(room, (items) => textsOf(items).length === 51)
  await phone.reads(room, textsOf(all.items))
  await Promise.all([laptop.safe(), phone.safe()])
  const before = puts
  await new Promise((done) => setTimeout(done, 1_500))
  expect(puts).toBe(before)
  await Promise.all([laptop.client.stop(), phone.client.stop()])
  const third = person()
  await third.signIn("fang")
  await third.reads(room, textsOf(all.items))
})

test("what is not to be kept is not in the house, and comes back when it is to be kept again", async () => {
  const { one: lan, room, texts } = await chatting("ping", "qiu", 5)
  const { used } = await lan.safe()
  await lan.must("setHabits", { room, kept: false })
  await lan.until("safekeeping", undefined, (now) => now.used < used)
  await lan.say(room, "said in private")
  await lan.reads(room, [...texts, "said in private"])
  await lan.until("safekeeping", undefined, ({ unsafe }) => unsafe === 0)
  const phone = person()
  await phone.signIn("ping")
  await phone.chatWith("qiu")
  await phone.until("safekeeping", undefined, ({ quota, restoring }) => quota > 0 && !restoring)
  const seen = await phone.timeline(room, (items) => items.length > 0)
  expect(textsOf(seen.items)).toEqual([])
  expect(eventsOf(seen.items)).toContain("history_from_here")
  await lan.must("setHabits", { room, kept: true })
  await phone.reads(room, [...texts, "said in private"])
})

test("a part that was cut, or put in the place of another, is refused and not written over", async () => {
  const { one: lan, room, texts } = await chatting("rui", "shu", 4)
  await lan.client.stop()
  for (const harm of ["cut", "swapped"] as const) {
    let puts = 0
    let first: string | undefined
    const lying: typeof fetch = async (url, init) => {
      const answer = await fetch(url, init)
      if (!String(url).includes("/history/")) return answer
      if (init?.method === "PUT") puts++
      if (init?.method !== "GET") return answer
      const body = (await answer.json()) as { sealed: string }
      first ??= body.sealed
      const sealed =
        harm === "cut"
          ? body.sealed.slice(0, 4 * Math.floor(body.sealed.length / 8))
          : first === body.sealed
            ? "AAAA"
            : first
      return Response.json({ ...body, sealed })
    }
    const victim = person({ fetch: lying as NonNullable<More["fetch"]> })
    await victim.signIn("rui")
    await victim.until("connection", undefined, ({ alarms }) =>
      alarms.some(({ kind }) => kind === "history_damaged"),
    )
    await victim.must("send", { room, text: `after it was ${harm}` })
    texts.push(`after it was ${harm}`)
    const { error } = await victim.until("safekeeping", undefined, ({ error: one }) => one !== undefined)
    expect(error?.kind).toBe("damaged")
    expect(puts).toBe(0)
    await victim.client.stop()
  }
  const honest = person()
  await honest.signIn("rui")
  // What was said before is there as it was; what the victims said was never kept.
  await honest.timeline(room, (items) => textsOf(items).join() === texts.slice(0, 4).join())
})

test("broken off in the middle, it goes on where it was", async () => {
  const { one: lan, other, room } = await chatting("tian", "wu", 20)
  const { room: group } = await lan.must("createGroup", { name: "二", members: [] })
  await lan.say(group, "in the group")
  for (let i = 0; i < 600; i++) await other.say(room, `more ${i}`)
  const all = await lan.timeline(room, (items) => textsOf(items).at(-1) === "more 599")
  await lan.until("room", { room }, (value) => value.state === "here")
  await lan.safe()
  await lan.client.stop()
  const disk = newDisk()
  let answers = 0
  const breaking: typeof fetch = (url, init) => {
    if (String(url).includes("/history/") && ++answers > 2) return Promise.reject(new Error("cut"))
    return fetch(url, init)
  }
  const phone = openPerson(house.url, disk, { fetch: breaking as NonNullable<More["fetch"]> })
  await phone.signIn("tian")
  await phone.until("safekeeping", undefined, ({ restoring }) => (restoring?.left ?? 9) < 3)
  await phone.client.stop()
  const again = openPerson(house.url, disk)
  people.push(again)
  await again.timeline(room, (items) => textsOf(items).length === textsOf(all.items).length)
  await again.until("safekeeping", undefined, ({ restoring }) => restoring === undefined)
  const search = await again.until(
    "search",
    { query: "line 7", room, limit: 10 },
    ({ items, done }) => done && items.length > 0,
  )
  expect(search.items[0]?.text).toContain("line 7")
})

test("what has disappeared meanwhile does not come back with a new device", async () => {
  const { one: lan, other, room } = await chatting("xia", "yue", 1)
  await lan.must("setTimer", { room, seconds: 30 })
  await lan.say(room, "gone in thirty seconds")
  for (const one of [other, lan]) await one.reads(room, ["line 0", "gone in thirty seconds"])
  await lan.safe()
  await lan.client.stop()
  // For this device they are over.
  const phone = person({ clock: () => Date.now() + 40_000 })
  await phone.signIn("xia")
  await phone.until("safekeeping", undefined, ({ quota, restoring }) => quota > 0 && !restoring)
  await phone.reads(room, ["line 0"])
})

test("of a group that was left nothing is said to be on its way to a new device", async () => {
  const { one: lan, other } = await chatting("kong", "deng", 1)
  const session = await lan.until("session", undefined, ({ state }) => state === "signed_in")
  const { room: group } = await other.must("createGroup", {
    name: "Tea",
    members: [(session as { user: string }).user as never],
  })
  await lan.until("room", { room: group }, (value) => value.state === "here" && value.writable)
  await other.say(group, "in the group")
  await lan.reads(group, ["in the group"])
  await lan.safe()
  await lan.must("leaveGroup", { room: group })
  await lan.safe()
  const phone = person()
  await phone.signIn("kong")
  await phone.until("safekeeping", undefined, ({ quota, used }) => quota > 0 && used > 0)
  await phone.until("safekeeping", undefined, ({ restoring }) => restoring === undefined)
})

test("a house that always has more to tell is not listened to for ever", async () => {
  let asked = 0
  const endless: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init)
    if (!/\/(history|notebook)\?/.test(String(url))) return answer
    asked++
    return Response.json({ ...((await answer.json()) as object), more: true })
  }
  const lan = person({ fetch: endless as NonNullable<More["fetch"]> })
  await lan.register("zhu")
  const { rooms } = await lan.until("roomList", undefined, (value) => value.rooms.length === 1)
  await lan.say(rooms[0]?.room as never, "note to self")
  await lan.safe()
  const before = asked
  await new Promise((done) => setTimeout(done, 500))
  expect(asked - before).toBeLessThan(5)
})
