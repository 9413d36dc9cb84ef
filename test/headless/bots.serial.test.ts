/** Bots are members like others, and limited: what the house refuses them, what everybody sees of them, and thirty in one group. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Bot, type BotOptions, startBot } from "@teahouse/client/bot/bot.ts"
import { decodeBotToken } from "@teahouse/client/bot/token.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, type Disk, newDisk, openPerson, type Person, textsOf } from "./person.ts"

const MANY = 30
let folder: string
let house: RunningHouse
let people: Person[]
let bots: Bot[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-bots-"))
  const open = {
    ...{ requestsPerSecondAddress: 100_000, requestBurstAddress: 100_000 },
    ...{ signInsPerMinuteAddress: 100_000, commitIntervalMs: 20, commitBurst: 100, commitQuietMs: 10 },
    ...{ claimBurst: 1_000, claimsPerMinute: 60_000, botsPerUser: MANY, requestsPerDay: 100 },
  }
  const quiet = { stretching: cheap, logLevel: "silent" } as const
  house = await startHouse({ port: 0, data: folder, ...quiet, limits: open })
  people = []
  bots = []
})
afterEach(async () => {
  await Promise.all(bots.map((one) => one.stop()))
  const bugs = people.flatMap((one) => one.bugs)
  await Promise.all(people.map((one) => one.client.stop()))
  await house.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

function open(disk?: Disk): Person {
  const one = openPerson(house.url, disk)
  people.push(one)
  return one
}
async function newcomer(name: string): Promise<Person> {
  const one = open()
  await one.register(name)
  return one
}
async function botOf(
  owner: Person,
  username: string,
  heard?: BotOptions["heard"],
  disk: Disk = newDisk(),
  token?: string,
) {
  const given = token ?? (await owner.must("makeBotToken", {})).token
  const one = open(disk)
  const started = await startBot(one.client, {
    ...{ token: given, username },
    ...(heard ? { heard } : {}),
    onError: (error) => void one.bugs.push(error),
  })
  if (!started.ok) throw new Error(started.error.kind)
  bots.push(started.value)
  await one.until("connection", undefined, ({ state }) => state === "connected")
  return { bot: started.value, person: one, token: given }
}
async function meet(owner: Person, name: string): Promise<Id> {
  await owner.must("requestFriend", { username: name, line: "" })
  return owner.chatWith(name)
}
const refused = async (answer: Promise<{ ok: boolean; error?: { kind: string } }>) =>
  (await answer).error?.kind

test("an echo bot answers its owner and a group, each message once, also after a pause; everybody sees what it is", async () => {
  const [lan, bo] = [await newcomer("lan"), await newcomer("bo")]
  await befriend(lan, "lan", bo, "bo")
  const disk = newDisk()
  const echo: BotOptions["heard"] = ({ text, reply }) => reply(`> ${text}`)
  const { bot, person, token } = await botOf(lan, "echo", echo, disk)
  const chat = await meet(lan, "echo")
  await lan.say(chat, "one")
  await lan.reads(chat, ["one", "> one"])

  const members = [
    bot.user,
    (await lan.until("contacts", undefined, () => true)).friends.find((one) => one.username === "bo")
      ?.user as Id,
  ]
  const { room } = await lan.must("createGroup", { name: "茶友", members })
  const seen = await bo.until(
    "room",
    { room },
    (value) => value.state === "here" && value.members.length === 3,
  )
  const marks = seen.state === "here" ? seen.members.map(({ username, bot }) => [username, bot]) : []
  expect(Object.fromEntries(marks)).toEqual({ lan: undefined, bo: undefined, echo: true })
  await bo.say(room, "tea?")
  await lan.reads(room, ["tea?", "> tea?"])
  const friend = await lan.until("contacts", undefined, ({ friends }) => friends.length === 2)
  expect(friend.friends.find((one) => one.username === "echo")?.bot).toBe(true)

  // Away: what comes meanwhile is answered at the next start, and nothing a second time.
  await bot.stop()
  await person.client.stop()
  await bo.say(room, "still there?")
  await lan.reads(room, ["tea?", "> tea?", "still there?"])
  const again = await botOf(lan, "echo", echo, disk, token)
  await lan.reads(room, ["tea?", "> tea?", "still there?", "> still there?"])
  expect(again.bot.user).toBe(bot.user)

  // Its owner takes it away: nobody hears it any more.
  expect((await lan.must("ownBots", {})).bots.map((one) => one.username)).toEqual(["echo"])
  expect(await refused(bo.command("removeBot", { user: bot.user }))).toBe("unknown_user")
  await lan.must("removeBot", { user: bot.user })
  await again.person.until("session", undefined, ({ state }) => state === "signed_out")
  expect((await lan.must("ownBots", {})).bots).toEqual([])
})

test("what the house refuses: a stranger's request, a bot that asks, opens or brings, another's bot, a token used or made up", async () => {
  const [lan, bo] = [await newcomer("lan"), await newcomer("bo")]
  await befriend(lan, "lan", bo, "bo")
  const { bot, person, token } = await botOf(lan, "quiet")
  const asks = (who: Person, username: string) =>
    refused(who.command("requestFriend", { username, line: "" }))
  expect(await asks(bo, "quiet")).toBe("bot_of_another")
  expect(await asks(person, "bo")).toBe("not_for_bots")
  expect(await refused(person.command("makeBotToken", {}))).toBe("not_for_bots")
  await meet(lan, "quiet")
  const known = await person.until("contacts", undefined, ({ friends }) => friends.length === 1)
  const members = known.friends.map((one) => one.user)
  expect(await refused(person.command("createGroup", { name: "mine", members }))).toBe("not_for_bots")

  // In a common group anybody may reach it, and yet only its owner brings it along.
  const boId = (await lan.until("contacts", undefined, ({ friends }) => friends.length === 2)).friends.find(
    (one) => one.username === "bo",
  )?.user as Id
  const { room } = await lan.must("createGroup", { name: "first", members: [bot.user, boId] })
  await bo.until("room", { room }, (value) => value.state === "here" && value.members.length === 3)
  const second = bo.command("createGroup", { name: "second", members: [bot.user] })
  expect(await refused(second)).toBe("bot_of_another")
  const { room: two } = await lan.must("createGroup", { name: "two", members: [bot.user] })
  await person.until("room", { room: two }, (value) => value.state === "here" && value.mayInvite)
  expect(await refused(person.command("inviteToGroup", { room: two, users: [boId] }))).toBe("not_for_bots")
  expect(bot.rooms().map((one) => one.title)).not.toContain("second")

  const other = open()
  const again = await startBot(other.client, { token, username: "quiet-too" })
  expect(again).toEqual({ ok: false, error: { kind: "invalid_bot_token" } })
  expect(decodeBotToken(token)?.owner).toBeDefined()
  expect(await startBot(other.client, { token: `${token.slice(0, -1)}*`, username: "x" })).toMatchObject({
    error: { kind: "invalid_bot_token" },
  })
})

test(`${MANY} bots are in one group, each hears the one who speaks, and that one hears them all`, async () => {
  const lan = await newcomer("lan")
  const names = Array.from({ length: MANY }, (_, i) => `bot-${i}`)
  const made = await Promise.all(
    names.map((name) =>
      botOf(lan, name, ({ from, text, reply }) => (from.bot ? undefined : reply(`${name}: ${text}`))),
    ),
  )
  await Promise.all(names.map((name) => meet(lan, name)))
  await lan.until("contacts", undefined, ({ friends }) => friends.length === MANY)
  const { room } = await lan.must("createGroup", { name: "Choir", members: made.map(({ bot }) => bot.user) })
  await lan.say(room, "sing")
  await lan.timeline(
    room,
    (items) => items.filter((item) => item.type === "message" && item.seq).length > MANY,
  )
  const heard = textsOf(await lan.timeline(room, () => true).then((value) => value.items))
  expect(heard.toSorted()).toEqual(["sing", ...names.map((name) => `${name}: sing`)].toSorted())
})
