/** A house that was restored from a backup, and the clients that were there before (docs/decisions/26-backup.md). */
import { API, routes } from "@teahouse/protocol/http.ts"
import { expect, test } from "vitest"
import { houseAndBackups } from "./house-and-backups.ts"
import { arriveAsFriends, type Person, textsOf } from "./person.ts"
import { goTheWay } from "./way.ts"

const house = houseAndBackups()
const { person, backUp, restore } = house
const alarmsOf = async (one: Person) =>
  (await one.until("connection", undefined, ({ alarms }) => alarms.length > 0)).alarms

const HISTORY = ["body", "segment", "account"].map((table) => `DELETE FROM history_${table};`).join("")

test("who has no more than was kept goes the whole way through both lives, and into the next one", async () => {
  const { lan, bo, tablet, chat, said } = await goTheWay({
    person,
    async away() {
      // Of a house that is closed, so that nobody has more of the chat; and of before their history was safe there.
      await house.stop()
      house.change(HISTORY)
      await backUp("last night")
      return () => restore("last night")
    },
  })
  for (const one of [lan, bo]) expect(await alarmsOf(one)).toMatchObject([{ kind: "new_incarnation" }])
  for (const { kind } of (await tablet.until("connection", undefined, () => true)).alarms)
    expect(kind).toBe("new_incarnation")

  // And once more, with clients that have seen one new life already.
  for (const one of [lan, bo]) await one.safe()
  await house.stop()
  await backUp("tonight")
  await restore("tonight")
  await lan.say(chat, "in the third life")
  for (const one of [lan, bo]) await one.reads(chat, [...said, "in the third life"])
  await tablet.timeline(chat, (items) => textsOf(items).includes("in the third life"))
})

test("who has more than was kept loses nothing of it, and is told where", async () => {
  const [lan, bo] = [person(), person()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await lan.say(room, "kept")
  for (const one of [lan, bo]) await one.reads(room, ["kept"])
  await backUp("last night")
  await lan.say(room, "lost")
  for (const one of [lan, bo]) await one.reads(room, ["kept", "lost"])
  await restore("last night")
  for (const one of [lan, bo]) {
    await one.until("connection", undefined, ({ alarms }) =>
      alarms.some((each) => each.kind === "new_incarnation" && each.room === room),
    )
    await one.timeline(room, (items) => JSON.stringify(textsOf(items)) === JSON.stringify(["kept", "lost"]))
  }
})

test("a restoration while nobody was signed in is told to whoever signs in, and the next one is told as the second", async () => {
  const [lan, bo] = [person(), person()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await backUp("last night")
  await lan.say(room, "kept by nobody")
  await bo.reads(room, ["kept by nobody"])
  for (const one of [lan, bo]) await one.safe()
  await lan.must("signOut", { forget: false })
  await restore("last night")
  await lan.signIn("lan")
  await lan.reads(room, ["kept by nobody"])
  await lan.safe()
  const { alarms } = await lan.until("connection", undefined, (value) => value.alarms.length > 1)
  expect(alarms.map(({ kind }) => kind)).toEqual(["new_incarnation", "new_incarnation"])

  await backUp("tonight")
  // The pin goes ahead again.
  await lan.must("signOut", { forget: false })
  await restore("tonight")
  await lan.signIn("lan")
  const told = await lan.until("connection", undefined, (value) =>
    value.alarms.some(({ kind }) => kind === "restored_again"),
  )
  expect(told.alarms.map(({ kind }) => kind)).not.toContain("account_rolled_back")
})

test("a restored house that does not say yet which life it is in is asked again, before anything is held against it", async () => {
  let asked = 0
  let silent = false
  const compared: string[] = []
  const lan = person({
    async fetch(input, init) {
      const path = new URL(String(input)).pathname.slice(API.length)
      const isAsked = path === routes.house.path
      if (silent && isAsked) asked++
      if (silent && asked > 0 && !isAsked) compared.push(path)
      if (!silent || !isAsked) return fetch(input, init)
      return new Response("busy", { status: 503 })
    },
  })
  const bo = person()
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await backUp("last night")
  await lan.say(room, "lost")
  for (const one of [lan, bo]) await one.safe()
  silent = true
  await restore("last night")
  await bo.reads(room, ["lost"])
  while (asked < 2) await new Promise((done) => setTimeout(done, 20))
  for (const { path } of [routes.readNotebook, routes.listHistory]) expect(compared).not.toContain(path)
  silent = false
  const told = await lan.until("connection", undefined, (value) =>
    value.alarms.some((one) => one.kind === "new_incarnation" && one.room === undefined),
  )
  await lan.safe()
  for (const { kind } of told.alarms) expect(kind).toBe("new_incarnation")
})
