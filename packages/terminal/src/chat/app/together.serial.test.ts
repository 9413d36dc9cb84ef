/** The chat's pages with others at the other end: groups, trust, an outbox without a line, each way of signing in. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Cable, openCable } from "../../../../../test/cable.ts"
import { cheap, openPerson, PASSWORD, type Person, textsOf } from "../../../../../test/headless/person.ts"
import { openProfile } from "../../profile/open-profile.ts"
import { onTerminal, openPseudo } from "../pseudo-terminal.fixture.ts"
import { type OpenApp, openApp } from "./app.fixture.ts"

let folder: string
let house: RunningHouse
let cable: Cable
let lan: OpenApp
let bo: Person
let mei: Person
let code: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-together-"))
  const limits = {
    signInsPerMinuteAddress: 100_000,
    commitIntervalMs: 20,
    commitBurst: 100,
    commitQuietMs: 10,
  }
  house = await startHouse({
    ...{ port: 0, data: join(folder, "house"), stretching: cheap, logLevel: "silent", limits },
  })
  cable = await openCable(Number(new URL(house.url).port))
  ;[bo, mei] = [openPerson(house.url), openPerson(house.url)]
  await Promise.all([bo.register("bo"), mei.register("mei")])
  lan = await openApp(folder, "lan", cable.url)
})

afterAll(async () => {
  await lan?.quit()
  await Promise.all([bo, mei].map((one) => one?.client.stop()))
  await cable?.close()
  await house?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test("a newcomer makes an account and two friends", async () => {
  await lan.sees("Create account")
  lan.type("\x1b[B\r")
  await lan.sees("Password again")
  lan.type(`lan\t${PASSWORD}\t${PASSWORD}\r`)
  await lan.sees(/([0-9A-Z]{4}-){6}[0-9A-Z]{4}/)
  code = /([0-9A-Z]{4}-){6}[0-9A-Z]{4}/.exec(lan.screen())?.[0] as string
  lan.type(`${code.slice(-4)}\r`)
  await lan.sees("Notes to myself")
  for (const one of [bo, mei]) {
    const name = one === bo ? "bo" : "mei"
    lan.type(`/add ${name}\r`)
    const { incoming } = await one.until("contacts", undefined, (value) => value.incoming.length > 0)
    await one.must("acceptRequest", { id: incoming[0]?.id as (typeof incoming)[0]["id"] })
    await lan.sees(new RegExp(`^ ${name} .*│`, "m"))
  }
})
test("a group is made with a friend, another is brought in, all talk, and whoever leaves writes no more", async () => {
  lan.type("/group 茶友 Tea\r")
  await lan.sees("Who is to be in it")
  await lan.sees("○ mei")
  lan.type("nobody\r")
  await lan.seesNot("○ mei")
  lan.type("\x7f".repeat(6))
  lan.type("bo")
  await lan.sees("○ bo")
  await lan.seesNot("○ mei")
  lan.type("\r")
  await lan.sees("The group “茶友 Tea” is there.")
  await lan.sees("2 members")
  const room = await groupOf(bo)
  lan.type("/invite nobody\r")
  await lan.sees("Nobody and nothing here is called “nobody”.")
  lan.type("/invite mei\r")
  await lan.sees("3 members")
  lan.type("@bo :teapot:\r")
  await bo.reads(room, ["@bo 🫖"])
  expect(await groupOf(mei)).toBe(room)
  await mei.say(room, "三点？")
  await lan.sees("三点？")
  lan.type("/members\r")
  await lan.sees(/★ lan/)
  await lan.sees("mei")
  lan.type("\x1b")
  await lan.seesNot("★ lan")

  // The owner has to hand it over first; a member goes.
  lan.type("/leave\r")
  await lan.sees("Leave “茶友 Tea”?")
  lan.type("\x1b[B\r")
  await lan.sees("hand the group over first")
  await bo.must("createGroup", { name: "bo's", members: [await userOf(bo, "lan")] })
  await lan.sees(/bo's +.*│/)
  lan.type("/chat bo's\r")
  await lan.sees("Message to bo's")
  lan.type("/leave\r")
  await lan.sees("Leave “bo's”?")
  lan.type("\x1b[B\r")
  await lan.sees("You are not in this group any more.")
})

async function groupOf(who: Person) {
  const { rooms } = await who.until("roomList", undefined, (value) =>
    value.rooms.some((one) => one.title === "茶友 Tea"),
  )
  return rooms.find((one) => one.title === "茶友 Tea")?.room as (typeof rooms)[0]["room"]
}
async function userOf(who: Person, name: string) {
  const { friends } = await who.until("contacts", undefined, (value) => value.friends.length > 0)
  return friends.find((one) => one.username === name)?.user as (typeof friends)[0]["user"]
}

test("the safety number is the one that the friend sees, and once compared it says so", async () => {
  lan.type("/chat bo\r")
  await lan.sees("Message to bo")
  lan.type("/trust\r")
  await lan.sees("Safety number with bo")
  const safety = await bo.until("safety", { user: await userOf(bo, "lan") }, ({ state }) => state === "here")
  const digits = lan.screen().match(/\b\d{5}\b/g)
  expect(digits).toHaveLength(12)
  expect(safety).toMatchObject({ state: "here", number: digits?.join(" ") })
  lan.type("\r")
  await lan.sees(/bo {2}(online · )?verified/)
})

test("a poll is asked, voted in and ended; a message goes to another chat; a sticker is kept and sent", async () => {
  const room = await bo.chatWith("lan")
  lan.type("/poll 三点还是四点？\r")
  await lan.sees("Use: /poll QUESTION | ONE | TWO")
  lan.type("/poll 三点还是四点？ | 三点 | 四点\r")
  const asked = await bo.timeline(room, (items) => kinds(items).includes("poll"))
  const { seq } = asked.items.find(
    (item) => item.type === "message" && item.body.kind === "poll",
  ) as MessageItem
  await bo.must("vote", { room, seq: seq as number, choices: [1] })
  await lan.sees(/○ 四点 {2}1/)
  lan.type("\x1b[Av")
  await lan.sees("End the poll")
  lan.type("\x1b[B\r")
  await lan.sees(/● 四点 {2}2/)
  lan.type("\x1b[Av")
  await lan.sees("End the poll")
  lan.type("\x1b[B\x1b[B\r")
  await lan.sees(/Poll · ended/)
  lan.type("\x1b[Av")
  await lan.sees("There is no poll to vote in here.")

  lan.type("转给梅\r")
  await lan.sees(/转给梅 +✓/)
  lan.type("\x1b[Af")
  await lan.sees("Forward to")
  lan.type("mei")
  await lan.sees("○ mei")
  await lan.seesNot("○ Notes to myself")
  lan.type("\x1b[B\r")
  await lan.sees("Forwarded.")
  await mei.timeline(await mei.chatWith("lan"), (items) => textsOf(items).includes("转给梅"))

  const { id } = await bo.must("addSticker", { from: png(48, 32) })
  await bo.must("sendSticker", { room, id })
  await lan.sees("[Sticker]")
  lan.type("/sticker\r")
  await lan.sees("No stickers yet.")
  lan.type("\x1b")
  await lan.sees("F1 help")
  lan.type("\x1b[Aa")
  await lan.sees("It is among your stickers.")
  lan.type("/sticker\r")
  await lan.sees("48 × 32")
  lan.type("\r")
  await bo.timeline(room, (items) => kinds(items).filter((kind) => kind === "sticker").length === 2)
})

const kinds = (items: readonly TimelineItem[]) =>
  items.map((item) => (item.type === "message" ? item.body.kind : item.type))

test("without a line all is kept in order, also over a restart, and goes when there is one", async () => {
  const room = await bo.chatWith("lan")
  cable.cut()
  await lan.sees("offline")
  lan.type("first\r")
  lan.type("second\r")
  await lan.sees("offline, 2 waiting")
  await lan.sees(/second +sending/)
  lan.type("a draft")
  await lan.sees("› a draft")
  await lan.quit()
  await bo.say(room, "meanwhile")
  lan = await openApp(folder, "lan")
  await lan.sees(/second +sending/)
  await lan.sees("› a draft")
  lan.type("\x7f".repeat(7))
  lan.type("third\r")
  await lan.sees("offline, 3 waiting")
  cable.restore()
  await lan.sees(/third +✓/)
  await lan.seesNot("waiting")
  await bo.timeline(room, (items) => textsOf(items).slice(-4).join() === "meanwhile,first,second,third")
  await lan.sees("meanwhile")
})

test("a second profile signs in with the password and has it all; what is read in one is read in the other", async () => {
  const desk = await openApp(folder, "desk", house.url)
  try {
    await desk.sees("Sign in with the recovery code")
    desk.type("\r")
    await desk.sees("Tab: next field")
    desk.type("lan\tnot the password at all\r")
    await desk.sees(/wrong|not right|does not match/i)
    desk.type(`\x15${PASSWORD}\r`)
    await desk.knows("bo", "mei")
    await desk.sees("Message to")
    desk.type("/chat bo\r")
    for (const text of ["meanwhile", "first", "second", "third"]) await desk.sees(text)
    lan.type("/chat mei\r")
    await lan.sees("Message to mei")
    desk.type("/chat mei\r")
    await desk.sees("Message to mei")
    const room = await bo.chatWith("lan")
    await bo.say(room, "read this")
    await Promise.all([lan.sees(/^ bo +1 │/m), desk.sees(/^ bo +1 │/m)])
    desk.type("/chat bo\r")
    await desk.sees("read this")
    await lan.seesNot(/^ bo +1 │/m)
    // Left here as it is there: an edit of the one in the other.
    desk.type("from the desk\r")
    lan.type("/chat bo\r")
    await lan.sees("from the desk")
    lan.type("\x1b[Ae")
    await lan.sees("› from the desk")
    lan.type(", edited by lan\r")
    await desk.sees(/from the desk, edited by lan +edited/)
  } finally {
    await desk.quit()
  }
})

test("who has forgotten the password signs in by the recovery code, and is shown the next one", async () => {
  const again = await openApp(folder, "again", house.url)
  try {
    await again.sees("Sign in with the recovery code")
    again.type("\x1b[B\x1b[B\r")
    await again.sees("New password")
    again.type(`lan\t${code.replace(/^.{4}/, "0000")}\tsix white porcelain cups\r`)
    await again.sees("recovery code is not right")
    again.type("\x1b[A\x15")
    again.type(`${code}\t\r`)
    await again.sees("Type its last four characters")
    const next = /([0-9A-Z]{4}-){6}[0-9A-Z]{4}/.exec(again.screen())?.[0] as string
    expect(next).not.toBe(code)
    again.type(`${next.slice(-4)}\r`)
    await again.knows("bo")
    await again.sees("Message to")
    again.type("/chat bo\r")
    await again.sees("read this")
  } finally {
    await again.quit()
  }
})

test.runIf(onTerminal())(
  "a profile that another process has open is a sentence and exit code 17",
  async () => {
    const kept = await openProfile({ dataHome: folder, profile: "kept", server: house.url })
    if (!kept.ok) throw new Error(kept.error.kind)
    try {
      // In the language that was asked for, which is not that of the surroundings.
      const second = openPseudo(folder, ["--profile", "kept", "--lang", "zh"])
      await second.ended
      expect(second.written()).toContain("配置“kept”正被另一个程序使用。")
      expect(second.written()).toContain("ended with 17")
    } finally {
      await kept.value.close()
    }
  },
)
