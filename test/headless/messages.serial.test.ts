/** What people do with messages, with the real client on every side and a real house between. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { decodeContent, encodeContent } from "@teahouse/client/content/message.ts"
import { stickerOf } from "@teahouse/client/content/sticker.fixture.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type RunningHouse, startHouse } from "@teahouse/server/main.ts"
import { afterEach, beforeEach, expect, test } from "vitest"
import { befriend, cheap, eventsOf, newDisk, openPerson, type Person, textsOf } from "./person.ts"

let folder: string
let house: RunningHouse
let people: Person[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-messages-"))
  const limits = { commitIntervalMs: 20, commitBurst: 100, commitQuietMs: 10 }
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

type Member = Person & { readonly user: Id }

async function newcomer(name: string, more: Parameters<typeof openPerson>[2] = {}, disk = newDisk()) {
  const one = openPerson(house.url, disk, more)
  people.push(one)
  await one.register(name)
  return known(one)
}
async function known(one: Person): Promise<Member> {
  const session = await one.until("session", undefined, (value) => value.state === "signed_in")
  if (session.state !== "signed_in") throw new Error("not signed in")
  return Object.assign(one, { user: session.user })
}
async function twoFriends() {
  const [lan, bo] = [await newcomer("lan"), await newcomer("bo")]
  return { lan, bo, room: await befriend(lan, "lan", bo, "bo") }
}
async function threeInGroup() {
  const { lan, bo } = await twoFriends()
  const eve = await newcomer("eve")
  await befriend(lan, "lan", eve, "eve")
  const { room } = await lan.must("createGroup", { name: "Tea", members: [bo.user, eve.user] })
  for (const one of [lan, bo, eve])
    await one.until("room", { room }, (value) => value.state === "here" && value.members.length === 3)
  return { lan, bo, eve, room }
}

const messages = (items: readonly TimelineItem[]): MessageItem[] =>
  items.flatMap((item) => (item.type === "message" ? [item] : []))

/** Waits for a message that is in the log and is as `holds` says. */
async function message(one: Person, room: Id, holds: (item: MessageItem) => boolean): Promise<MessageItem> {
  const has = (item: MessageItem) => item.seq !== undefined && holds(item)
  const { items } = await one.timeline(room, (all) => messages(all).some(has))
  return messages(items).find(has) as MessageItem
}
const withText = (text: string) => (item: MessageItem) => item.text === text
const seqOf = async (one: Person, room: Id, text: string) =>
  (await message(one, room, withText(text))).seq as number
const kindOf = async (answer: ReturnType<Person["command"]>) => {
  const result = await answer
  return result.ok ? "ok" : result.error.kind
}

test("an answer shows what it answers, as it is now", async () => {
  const { lan, bo, room } = await twoFriends()
  await lan.say(room, "green or black?")
  const seq = await seqOf(bo, room, "green or black?")
  await bo.must("send", { room, text: "green", reply: seq })
  for (const one of [lan, bo]) {
    const answer = await message(one, room, withText("green"))
    expect(answer.reply).toMatchObject({ seq, from: { user: lan.user }, text: "green or black?" })
  }
  await lan.must("editMessage", { room, seq, text: "green, black or white?" })
  await message(bo, room, (item) => item.reply?.text === "green, black or white?")
  await lan.must("recall", { room, seq })
  const gone = await message(bo, room, (item) => item.reply?.gone === true)
  expect(gone.reply?.text).toBe("")
})

test("an edit is seen by all, and marked; an edit of another's message is refused", async () => {
  const { lan, bo, room } = await twoFriends()
  await lan.say(room, "tee")
  const seq = await seqOf(lan, room, "tee")
  await lan.must("editMessage", { room, seq, text: "tea" })
  for (const one of [lan, bo])
    expect(await message(one, room, withText("tea"))).toMatchObject({ edited: true, seq })
  await bo.until("roomList", undefined, ({ rooms }) => rooms.some((each) => each.last?.text === "tea"))
  expect(await kindOf(bo.command("editMessage", { room, seq, text: "coffee" }))).toBe("not_yours")
  expect(await kindOf(lan.command("editMessage", { room, seq, text: " \n" }))).toBe("invalid_message")
  expect(await kindOf(lan.command("editMessage", { room, seq: 999, text: "x" }))).toBe("not_found")
})

test("what is done offline is shown at once, over a restart too, and is the same once the house has it", async () => {
  const disk = newDisk()
  const lan = await newcomer("lan", {}, disk)
  const bo = await newcomer("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  for (const text of ["tee", "not this"]) await lan.say(room, text)
  await seqOf(bo, room, "not this")
  await bo.say(room, "cup?")
  await bo.must("sendPoll", { room, question: "when?", options: ["3", "4"], multiple: false })
  const [tee, not, cup] = [
    await seqOf(lan, room, "tee"),
    await seqOf(lan, room, "not this"),
    await seqOf(lan, room, "cup?"),
  ]
  const poll = (await message(lan, room, ({ body }) => body.kind === "poll")).seq as number
  const { port } = new URL(house.url)
  await house.stop()
  await lan.must("editMessage", { room, seq: tee, text: "tea" })
  await lan.must("recall", { room, seq: not })
  await lan.must("react", { room, seq: cup, emoji: "🍵", on: true })
  await lan.must("vote", { room, seq: poll, choices: [1] })
  await lan.must("pin", { room, seq: cup, on: true })
  // What is done to what is not stored yet goes on from what is shown.
  await lan.must("editMessage", { room, seq: tee, text: "tee" })
  await lan.must("editMessage", { room, seq: tee, text: "Tea" })
  expect(await kindOf(lan.command("recall", { room, seq: not }))).toBe("not_found")
  const done = (items: readonly TimelineItem[], waiting: true | undefined) => {
    const said = messages(items)
    expect(said.map(({ text }) => text.split("\n")[0])).toEqual(["Tea", "cup?", "when?"])
    expect(said.at(-3)).toMatchObject({ edited: true })
    expect(said.at(-2)).toMatchObject({ reactions: [{ emoji: "🍵", mine: true }], pinned: true })
    expect(said.at(-1)).toMatchObject({ body: { poll: { options: [{ mine: false }, { mine: true }] } } })
    expect(said.slice(-3).map((item) => item.waiting)).toEqual([waiting, waiting, waiting])
    const recalled = items.find((item) => item.type === "event" && item.event.kind === "recalled")
    expect(recalled).toMatchObject({ event: { mine: true, text: "not this" } })
    expect((recalled as { waiting?: true }).waiting).toBe(waiting)
  }
  done((await lan.timeline(room, (all) => eventsOf(all).includes("recalled"))).items, true)
  await lan.until("pins", { room }, ({ items }) => items.length === 1)
  await lan.client.stop()
  const again = openPerson(`http://127.0.0.1:${port}`, disk)
  people.push(again)
  done((await again.timeline(room, (all) => eventsOf(all).includes("recalled"))).items, true)
  house = await startHouse({ port: Number(port), data: folder, stretching: cheap, logLevel: "silent" })
  const stored = (all: readonly TimelineItem[]) => eventsOf(all).includes("pinned")
  done(
    (await again.timeline(room, (all) => stored(all) && messages(all).every((item) => !item.waiting))).items,
    undefined,
  )
  const theirs = await bo.timeline(room, stored)
  expect(textsOf(theirs.items)).toContain("Tea")
  expect(messages(theirs.items).some(({ text }) => text === "not this")).toBe(false)
})

test("a vote that comes when the poll is over is as before, and that is said until it has been read", async () => {
  const disk = newDisk()
  const lan = await newcomer("lan", {}, disk)
  const bo = await newcomer("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  await bo.must("sendPoll", { room, question: "?", options: ["a", "b"], multiple: false })
  const isPoll = ({ body }: MessageItem) => body.kind === "poll"
  const seq = (await message(lan, room, isPoll)).seq as number
  const { port } = new URL(house.url)
  await house.stop()
  await lan.must("vote", { room, seq, choices: [0] })
  const shown = await message(lan, room, isPoll)
  expect(shown).toMatchObject({
    waiting: true,
    body: { poll: { options: [{ mine: true }, { mine: false }] } },
  })
  await lan.client.stop()
  house = await startHouse({ port: Number(port), data: folder, stretching: cheap, logLevel: "silent" })
  await bo.must("endPoll", { room, seq })
  await message(bo, room, ({ body, waiting }) => body.kind === "poll" && body.poll.ended && !waiting)
  const again = openPerson(house.url, disk)
  people.push(again)
  const before = { ended: true, options: [{ mine: false }, { mine: false }] }
  const { undone, ...refused } = await message(again, room, (item) => item.undone !== undefined)
  expect(refused).toMatchObject({ body: { poll: before } })
  expect(refused.waiting).toBeUndefined()
  expect(undone).toMatchObject([{ act: "vote", error: { kind: "too_late" } }])
  await again.must("discard", { room, key: undone?.[0]?.key ?? "" })
  const read = await message(again, room, (item) => isPoll(item) && item.undone === undefined)
  expect(read).toMatchObject({ body: { poll: before } })
})

test("what waits about a message that is gone meanwhile goes too, and what was to change it says so at the recall", async () => {
  const disk = newDisk()
  const lan = await newcomer("lan", {}, disk)
  const bo = await newcomer("bo")
  const room = await befriend(lan, "lan", bo, "bo")
  const desk = await secondDevice("lan", room)
  await lan.say(room, "tea at 3")
  // Saying waits in the outbox: without this, two devices' messages are in the log as they happen to arrive.
  await message(bo, room, withText("tea at 3"))
  for (const text of ["and cake?", "or not"]) await bo.say(room, text)
  const [mine, cake, not] = [
    await seqOf(lan, room, "tea at 3"),
    await seqOf(lan, room, "and cake?"),
    await seqOf(lan, room, "or not"),
  ]
  for (const one of [lan, bo, desk]) await message(one, room, withText("or not"))
  const { port } = new URL(house.url)
  await house.stop()
  await lan.must("editMessage", { room, seq: mine, text: "tea at 4" })
  for (const seq of [cake, not]) await lan.must("react", { room, seq, emoji: "🍰", on: true })
  await message(lan, room, (item) => item.text === "and cake?" && item.waiting === true)
  await lan.must("deleteForMe", { room, seqs: [not] })
  await lan.client.stop()
  house = await startHouse({ port: Number(port), data: folder, stretching: cheap, logLevel: "silent" })
  await desk.must("recall", { room, seq: mine })
  await bo.must("recall", { room, seq: cake })
  await desk.timeline(room, (all) => eventsOf(all).filter((kind) => kind === "recalled").length === 2)

  const again = openPerson(house.url, disk)
  people.push(again)
  type Events = Extract<TimelineItem, { type: "event" }>[]
  const recalls = async (holds: (events: Events) => boolean) => {
    const of = (all: readonly TimelineItem[]) =>
      all.filter((item) => item.type === "event").filter(({ event }) => event.kind === "recalled")
    const events = of((await again.timeline(room, (all) => holds(of(all)))).items)
    return events.map(({ seq, undone }) => [seq, undone?.map(({ act, error }) => [act, error.kind])])
  }
  const said = await recalls((events) => events.length === 2 && events.some(({ undone }) => undone))
  expect(said).toEqual([
    [mine, [["edit", "too_late"]]],
    [cake, undefined],
  ])
  const { items } = await again.timeline(room, () => true)
  const [key = ""] = items.flatMap((item) => (item.undone ?? []).map((one) => one.key))
  await again.must("discard", { room, key })
  await recalls((events) => events.every(({ undone }) => undone === undefined))
  // Nothing of it is left: of the outbox a store shows that there is something, whatever it is.
  const store = await disk.stores.open(lan.user)
  await expect.poll(() => store.range(`outbox/${room}/`)).toEqual([])
})

test("a recalled message is gone on both sides, and its sender may write it anew", async () => {
  const { lan, bo, room } = await twoFriends()
  await lan.say(room, "not this")
  const seq = await seqOf(bo, room, "not this")
  await bo.until("roomList", undefined, ({ rooms }) => rooms.some((each) => each.unread === 1))
  expect(await kindOf(bo.command("recall", { room, seq }))).toBe("not_yours")
  await lan.must("recall", { room, seq: await seqOf(lan, room, "not this") })
  const own = await lan.timeline(room, (all) => eventsOf(all).includes("recalled"))
  const event = own.items.find((item) => item.type === "event" && item.event.kind === "recalled")
  expect(event).toMatchObject({ event: { mine: true, text: "not this" } })
  const theirs = await bo.timeline(room, (all) => eventsOf(all).includes("recalled"))
  expect(JSON.stringify(theirs.items)).not.toContain("not this")
  await bo.until("roomList", undefined, ({ rooms }) =>
    rooms.some((each) => each.unread === 0 && each.last?.recalled === true && each.last.text === ""),
  )
  expect(await kindOf(lan.command("recall", { room, seq }))).toBe("not_found")
})

test("what was recalled while one was away is never shown", async () => {
  const { lan, bo, room } = await twoFriends()
  await lan.say(room, "first")
  await seqOf(bo, room, "first")
  const second = openPerson(house.url)
  people.push(second)
  await second.signIn("bo")
  await second.chatWith("lan")
  await lan.say(room, "gone soon")
  await lan.must("recall", { room, seq: await seqOf(lan, room, "gone soon") })
  await lan.say(room, "last")
  for (const one of [lan, bo, second]) {
    const { items } = await one.timeline(room, (all) =>
      messages(all).some((item) => item.text === "last" && item.seq),
    )
    expect(textsOf(items)).not.toContain("gone soon")
    expect(eventsOf(items)).toContain("recalled")
  }
})

test("the house lets go of a recalled text, and who reads the log later is told of the recall only", async () => {
  let emptied = 0
  const counting: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    if (String(input).endsWith("/recall") && answer.ok) emptied++
    return answer
  }
  const lan = await newcomer("lan", { fetch: counting })
  const disk = newDisk()
  const bo = await newcomer("bo", {}, disk)
  const room = await befriend(lan, "lan", bo, "bo")
  await bo.client.stop()
  await lan.say(room, "gone before it was read")
  await lan.must("recall", { room, seq: await seqOf(lan, room, "gone before it was read") })
  await lan.timeline(room, (all) => eventsOf(all).includes("recalled"))
  await until("the house has let it go", () => emptied === 1)
  await lan.say(room, "after")
  const again = openPerson(house.url, disk)
  people.push(again)
  const { items } = await again.timeline(room, (all) => textsOf(all).join() === "after")
  expect(eventsOf(items)).toContain("recalled")
  await again.say(room, "answer")
  await lan.timeline(room, (all) => textsOf(all).includes("answer"))
})

test("reactions come and go, for everybody, and raise no unread count", async () => {
  const { lan, bo, eve, room } = await threeInGroup()
  await lan.say(room, "tea is ready")
  const seq = await seqOf(bo, room, "tea is ready")
  await bo.must("react", { room, seq, emoji: "🍵", on: true })
  await eve.must("react", { room, seq, emoji: "🍵", on: true })
  await eve.must("react", { room, seq, emoji: "👍🏽", on: true })
  expect(await kindOf(bo.command("react", { room, seq, emoji: "nice", on: true }))).toBe("invalid_message")
  expect(await kindOf(bo.command("react", { room, seq, emoji: "🍵".repeat(2_500), on: true }))).toBe(
    "invalid_message",
  )
  for (const one of [lan, bo, eve]) {
    const { reactions } = await message(
      one,
      room,
      (item) => item.reactions.length === 2 && item.reactions[0]?.people.length === 2,
    )
    const counts = reactions.map(({ emoji, people: who, mine }) => [emoji, who.length, mine])
    expect(counts.sort()).toEqual([
      ["🍵", 2, one !== lan],
      ["👍🏽", 1, one === eve],
    ])
  }
  await eve.must("react", { room, seq, emoji: "🍵", on: false })
  await message(lan, room, (item) =>
    item.reactions.some((one) => one.emoji === "🍵" && one.people.length === 1),
  )
  await lan.until("roomList", undefined, ({ rooms }) =>
    rooms.some((each) => each.room === room && each.unread === 0 && each.last?.text === "tea is ready"),
  )
})

test("pins: whoever arranges the group pins, and all see it", async () => {
  const { lan, bo, room } = await threeInGroup()
  await bo.say(room, "the recipe")
  const seq = await seqOf(lan, room, "the recipe")
  expect(await kindOf(bo.command("pin", { room, seq: await seqOf(bo, room, "the recipe"), on: true }))).toBe(
    "not_allowed",
  )
  await lan.must("pin", { room, seq, on: true })
  const { items } = await bo.until("pins", { room }, (value) => value.items.length === 1)
  expect(items[0]).toMatchObject({ seq, text: "the recipe", pinned: true })
  const said = await bo.timeline(room, (all) => eventsOf(all).includes("pinned"))
  expect(said.items.at(-1)).toMatchObject({
    event: { kind: "pinned", on: true, text: "the recipe", of: seq },
  })
  await lan.must("pin", { room, seq, on: false })
  await bo.until("pins", { room }, (value) => value.items.length === 0)
})

test("a poll is asked, voted on, changed and ended", async () => {
  const { lan, bo, eve, room } = await threeInGroup()
  const asked = { room, question: "When?", options: ["Friday", "Saturday"], multiple: false }
  expect(await kindOf(lan.command("sendPoll", { ...asked, options: ["one"] }))).toBe("bad_poll")
  expect(
    await kindOf(
      lan.command("sendPoll", { ...asked, options: Array.from({ length: 1_000 }, (_, i) => `${i}`) }),
    ),
  ).toBe("bad_poll")
  await lan.must("sendPoll", asked)
  const isPoll = (item: MessageItem) => item.body.kind === "poll"
  const { seq = 0 } = await message(bo, room, isPoll)
  await message(eve, room, isPoll)
  await bo.must("vote", { room, seq, choices: [0] })
  await eve.must("vote", { room, seq, choices: [0] })
  await eve.must("vote", { room, seq, choices: [1] })
  expect(await kindOf(eve.command("vote", { room, seq, choices: [2] }))).toBe("bad_poll")
  expect(await kindOf(eve.command("vote", { room, seq, choices: [0, 1] }))).toBe("bad_poll")
  expect(await kindOf(eve.command("endPoll", { room, seq }))).toBe("not_yours")
  const counts = (item: MessageItem) =>
    item.body.kind === "poll" ? item.body.poll.options.map((option) => option.people.length).join() : ""
  for (const one of [lan, bo, eve]) await message(one, room, (item) => counts(item) === "1,1")
  await lan.must("endPoll", { room, seq })
  await message(bo, room, (item) => item.body.kind === "poll" && item.body.poll.ended)
  expect(await kindOf(bo.command("vote", { room, seq, choices: [1] }))).toBe("too_late")
})

test("forwarding: each by itself, or all as one; what was recalled is refused and nothing goes", async () => {
  const { lan, bo, eve, room } = await threeInGroup()
  const direct = await lan.chatWith("bo")
  await bo.say(room, "one")
  await seqOf(eve, room, "one")
  await eve.say(room, "two")
  const seqs = [await seqOf(lan, room, "one"), await seqOf(lan, room, "two")]
  await lan.must("forward", { room, seqs, to: [direct], bundled: false })
  expect(await message(bo, direct, withText("two"))).toMatchObject({
    forwarded: true,
    from: { user: lan.user },
  })
  await lan.must("forward", { room, seqs, to: [direct], bundled: true, line: "read this" })
  const bundle = await message(bo, direct, (item) => item.body.kind === "bundle")
  expect(bundle.body).toMatchObject({
    bundle: {
      title: "Tea",
      items: [
        { name: "bo", text: "one" },
        { name: "eve", text: "two" },
      ],
    },
  })
  await message(bo, direct, withText("read this"))
  await eve.must("recall", { room, seq: seqs[1] as number })
  await lan.timeline(room, (all) => eventsOf(all).includes("recalled"))
  expect(await kindOf(lan.command("forward", { room, seqs, to: [direct], bundled: false }))).toBe("not_found")
})

test("a remark stays with whoever wrote it: what is retold says the name that everybody sees", async () => {
  const { lan, bo, eve, room } = await threeInGroup()
  const [direct, own] = [await lan.chatWith("eve"), await lan.chatWith("bo")]
  await lan.must("setRemark", { user: bo.user, remark: "the grumpy one" })
  await bo.say(room, "no tea today")
  const said = await message(lan, room, withText("no tea today"))
  expect(said.from.name).toBe("the grumpy one")
  const shown = await lan.until("room", { room }, (value) => value.state === "here")
  const members = shown.state === "here" ? shown.members : []
  expect(members.find(({ user }) => user === bo.user)).toMatchObject({
    name: "the grumpy one",
    publicName: "bo",
  })
  await lan.must("forward", { room, seqs: [said.seq as number], to: [direct], bundled: true })
  // From the private chat the title, too, is made of names.
  await bo.say(own, "nor tomorrow")
  const seq = await seqOf(lan, own, "nor tomorrow")
  await lan.must("forward", { room: own, seqs: [seq], to: [direct], bundled: true })
  const bundles = [withText("Tea\nbo: no tea today"), withText("bo\nbo: nor tomorrow")]
  for (const which of bundles)
    expect(JSON.stringify(await message(eve, direct, which))).not.toContain("grumpy")
})

test("whoever is named sees it in the list until it is read; everybody is named by those who may", async () => {
  const { lan, bo, eve, room } = await threeInGroup()
  await lan.must("send", {
    room,
    text: "\n  \n@bo and @eve: tea  ",
    mentions: [
      { user: bo.user, from: 4, length: 3 },
      { user: eve.user, from: 12, length: 4 },
    ],
  })
  const named = await message(bo, room, (item) => item.mentionsMe === true)
  expect(named.text).toBe("@bo and @eve: tea")
  expect(named.mentions).toEqual([
    { user: bo.user, from: 0, length: 3 },
    { user: eve.user, from: 8, length: 4 },
  ])
  const mentioned = (one: Person, is: boolean) =>
    one.until("roomList", undefined, ({ rooms }) =>
      rooms.some((each) => each.room === room && (each.mentioned ?? false) === is),
    )
  await mentioned(bo, true)
  await mentioned(lan, false)
  await bo.must("markRead", { room, seq: named.seq as number })
  await mentioned(bo, false)
  const all = [{ user: "all" as const, from: 0, length: 4 }]
  expect(await kindOf(bo.command("send", { room, text: "@all hello", mentions: all }))).toBe("not_allowed")
  await lan.must("send", { room, text: "@all hello", mentions: all })
  await mentioned(bo, true)
})

test("a draft keeps what it answers, whom it names, and what it was before an edit, over a restart", async () => {
  const { lan, room } = await twoFriends()
  const disk = newDisk()
  const bo = await newcomer("ming", {}, disk)
  const chat = await befriend(lan, "lan", bo, "ming")
  await lan.say(chat, "question")
  const seq = await seqOf(bo, chat, "question")
  await bo.say(chat, "mine")
  const own = await seqOf(bo, chat, "mine")
  const mentions = [{ user: lan.user, from: 0, length: 4 }]
  await bo.must("setDraft", { room: chat, text: "@lan half an", mentions, reply: seq })
  await bo.must("setDraft", { room: chat, text: "mine, edited", edit: own })
  await bo.client.stop()
  const again = openPerson(house.url, disk)
  people.push(again)
  const value = await again.until("composer", { room: chat }, ({ draft }) => draft === "mine, edited")
  expect(value.edit).toEqual({ seq: own, stashed: "@lan half an" })
  await again.must("setDraft", { room: chat, text: "@lan half an", mentions, edit: null })
  const back = await again.until("composer", { room: chat }, ({ edit }) => edit === undefined)
  expect(back).toMatchObject({ draft: "@lan half an", mentions, reply: { seq, text: "question" } })
  await again.must("setDraft", { room: chat, text: "", reply: null })
  expect(await again.until("composer", { room: chat }, ({ draft }) => draft === "")).toEqual({
    draft: "",
    mentions: [],
  })
  expect(room).not.toBe(chat)
})

/** A second device of somebody, in the room, reading. */
async function secondDevice(name: string, room: Id, more: Parameters<typeof openPerson>[2] = {}) {
  const second = openPerson(house.url, newDisk(), more)
  people.push(second)
  await second.signIn(name)
  await second.until("room", { room }, (value) => value.state === "here" && value.writable)
  return second
}

test("deleted for oneself: gone on one's own devices, also where it comes later, and nowhere else", async () => {
  const { lan, bo, room } = await twoFriends()
  const disk = newDisk()
  const second = openPerson(house.url, disk)
  people.push(second)
  await second.signIn("bo")
  await second.until("room", { room }, (value) => value.state === "here" && value.writable)
  await lan.say(room, "one")
  await lan.say(room, "two")
  await lan.say(room, "three")
  for (const one of [bo, second]) await seqOf(one, room, "three")
  await bo.must("deleteForMe", { room, seqs: [await seqOf(bo, room, "three")] })
  for (const one of [bo, second])
    await one.timeline(
      room,
      (all) => textsOf(all).join() === "one,two" && !eventsOf(all).includes("recalled"),
    )
  const last = (text: string) => (value: { rooms: readonly { room: Id; last?: { text: string } }[] }) =>
    value.rooms.some((each) => each.room === room && each.last?.text === text)
  await bo.until("roomList", undefined, last("two"))
  await second.client.stop()
  await lan.say(room, "four")
  await bo.must("deleteForMe", { room, seqs: [await seqOf(bo, room, "four"), await seqOf(bo, room, "one")] })
  await lan.say(room, "five")
  const again = openPerson(house.url, disk)
  people.push(again)
  for (const one of [bo, again]) await one.timeline(room, (all) => textsOf(all).join() === "two,five")
  await lan.reads(room, ["one", "two", "three", "four", "five"])
  expect(await kindOf(bo.command("deleteForMe", { room, seqs: [9_999] }))).toBe("not_found")
})

test("kept messages are the same on all devices and outlive their recall", async () => {
  const { lan, bo, room } = await twoFriends()
  const second = await secondDevice("bo", room)
  await lan.say(room, "worth keeping")
  const seq = await seqOf(bo, room, "worth keeping")
  await bo.must("favourite", { room, seq, on: true })
  await message(bo, room, (item) => item.favourite === true)
  await lan.must("recall", { room, seq: await seqOf(lan, room, "worth keeping") })
  await bo.timeline(room, (all) => eventsOf(all).includes("recalled"))
  for (const one of [bo, second]) {
    const { items } = await one.until("favourites", undefined, (value) => value.items.length === 1)
    expect(items[0]).toMatchObject({
      room,
      seq,
      chat: "lan",
      item: { text: "worth keeping", from: { user: lan.user } },
    })
  }
  await second.must("favourite", { room, seq, on: false })
  for (const one of [bo, second])
    await one.until("favourites", undefined, (value) => value.items.length === 0)
})

test("stickers are the same on all devices, and whoever gets one sees it, says it in a word, and may keep it", async () => {
  const { lan, bo, room } = await twoFriends()
  const second = await secondDevice("bo", room)
  const [cup, pot] = [stickerOf("cup", 240, 120), stickerOf("pot", 80, 80)]
  const { id } = await bo.must("addSticker", { from: cup })
  await second.until("stickers", undefined, ({ stickers }) => stickers.some((one) => one.id === id))
  expect(await kindOf(bo.command("addSticker", { from: stickerOf("wide", 241, 1) }))).toBe("bad_picture")
  expect(await kindOf(bo.command("sendSticker", { room, id: room }))).toBe("not_found")

  // What the other device has got goes from there; with what it answers.
  await lan.say(room, "tea?")
  await second.must("sendSticker", { room, id, reply: await seqOf(second, room, "tea?") })
  const isSticker = (item: MessageItem) => item.body.kind === "sticker"
  for (const one of [lan, bo, second]) {
    const got = await message(one, room, isSticker)
    expect(got).toMatchObject({
      body: { kind: "sticker", sticker: { width: 240, height: 120 } },
      text: "[Sticker]",
      reply: { text: "tea?" },
      may: { edit: false },
    })
    const at = { room, key: got.key, seq: got.seq as number }
    const { url } = await one.until("sticker", at, (value) => value.url !== undefined)
    expect(url?.replace("data:image/webp;base64,", "")).toBe(
      Buffer.from(cup).toString("base64").replaceAll("=", ""),
    )
    expect(await one.must("readSticker", at)).toEqual({ picture: cup, type: "image/webp" })
    const list = await one.until("roomList", undefined, ({ rooms }) =>
      rooms.some((each) => each.last?.sticker),
    )
    expect(list.rooms.find((each) => each.room === room)?.last).toMatchObject({ text: "[Sticker]" })
  }
  const got = await message(lan, room, isSticker)
  const [seq, at] = [got.seq as number, { room, key: got.key, seq: got.seq as number }]
  const found = { query: "", kind: "sticker", room, limit: 9 } as const
  const { items } = await lan.until("search", found, ({ done }) => done)
  expect(items).toMatchObject([{ seq, sticker: true }])

  // Kept as it is: the same picture is the same sticker.
  expect(await lan.must("addSticker", { from: at })).toEqual({ id, added: true })
  expect(await lan.must("addSticker", { from: cup })).toEqual({ id, added: false })
  await lan.must("send", { room, text: "nice", reply: seq })
  expect((await message(bo, room, withText("nice"))).reply).toMatchObject({
    text: "[Sticker]",
    sticker: true,
  })
  await lan.must("forward", { room, seqs: [seq], to: [room], bundled: false })
  await message(bo, room, (item) => isSticker(item) && item.forwarded === true)
  const both = [await seqOf(lan, room, "tea?"), seq]
  await lan.must("forward", { room, seqs: both, to: [room], bundled: true })
  const bundle = await message(bo, room, (item) => item.body.kind === "bundle")
  const told = bundle.body
  expect(told).toMatchObject({ bundle: { items: [{ text: "tea?" }, { text: "[Sticker]", sticker: true }] } })
  expect(told.kind === "bundle" && told.bundle.items[0]).not.toHaveProperty("sticker")
  // Nowhere is a word of one language: a line of it is its title, and what it is.
  const named = { text: "lan, bo", bundle: true }
  const { rooms } = await bo.until("roomList", undefined, ({ rooms }) =>
    rooms.some((each) => each.room === room && each.last?.bundle),
  )
  expect(rooms.find((each) => each.room === room)?.last).toMatchObject(named)
  await bo.must("pin", { room, seq: bundle.seq as number, on: true })
  const pinned = await lan.timeline(room, (all) => eventsOf(all).includes("pinned"))
  expect(pinned.items.at(-1)).toMatchObject({ event: named })
  const third = await secondDevice("bo", room)
  await lan.must("send", { room, text: "which?", reply: bundle.seq as number })
  await lan.must("send", { room, text: "this", reply: seq })
  for (const one of [bo, third]) {
    expect((await message(one, room, withText("which?"))).reply).toMatchObject(named)
    expect((await message(one, room, withText("this"))).reply).toMatchObject({ sticker: true })
  }
  // Also for whoever came after it and knows what is answered from the answer alone.
  const eve = await newcomer("eve")
  await befriend(lan, "lan", eve, "eve")
  const { room: tea } = await lan.must("createGroup", { name: "Tea", members: [bo.user] })
  await bo.until("room", { room: tea }, (value) => value.state === "here" && value.writable)
  await bo.must("sendSticker", { room: tea, id })
  const first = (await message(lan, tea, isSticker)).seq as number
  await lan.must("inviteToGroup", { room: tea, users: [eve.user] })
  await eve.until("room", { room: tea }, (value) => value.state === "here" && value.writable)
  await lan.must("send", { room: tea, text: "that", reply: first })
  expect((await message(eve, tea, withText("that"))).reply).toMatchObject({ sticker: true })
  const word = await lan.until(
    "search",
    { query: "sticker", kind: "bundle", room, limit: 9 },
    (all) => all.done,
  )
  expect(word.items).toEqual([])
  await lan.must("favourite", { room, seq, on: true })

  await second.must("recall", { room, seq })
  await lan.timeline(room, (all) => eventsOf(all).includes("recalled"))
  expect(await kindOf(lan.command("addSticker", { from: at }))).toBe("not_found")
  const kept = await lan.until("favourites", undefined, (value) => value.items.length === 1)
  const copy = { room, key: kept.items[0]?.id ?? "", seq }
  await lan.until("sticker", copy, (value) => value.url !== undefined)

  await bo.must("addSticker", { from: pot })
  await second.until("stickers", undefined, ({ stickers }) => stickers.length === 2)
  await second.must("removeSticker", { id })
  await bo.until("stickers", undefined, ({ stickers }) => stickers.length === 1 && stickers[0]?.id !== id)
  expect(await kindOf(bo.command("sendSticker", { room, id }))).toBe("not_found")
})

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds(); await new Promise((next) => setTimeout(next, 20)))
    if (Date.now() > end) throw new Error(`never: ${what}`)
}

const delivery = (one: Person, room: Id, text: string, wanted: string) =>
  message(one, room, (item) => item.text === text && item.delivery === wanted)

test("delivered, then read; who does not show what they read does not see it either", async () => {
  const often = { receiptEveryMs: 40 }
  const [lan, bo] = [await newcomer("lan", often), await newcomer("bo", often)]
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "one")
  const seq = await seqOf(bo, room, "one")
  await delivery(lan, room, "one", "delivered")
  await bo.must("markRead", { room, seq })
  await delivery(lan, room, "one", "read")
  const { read } = await lan.until("receipts", { room, seq }, (value) => value.read.length === 1)
  expect(read[0]?.user).toBe(bo.user)

  await bo.must("setSettings", { readReceipts: false })
  await lan.say(room, "two")
  await bo.must("markRead", { room, seq: await seqOf(bo, room, "two") })
  await bo.say(room, "mine")
  await lan.must("markRead", { room, seq: await seqOf(lan, room, "mine") })
  await delivery(lan, room, "two", "delivered")
  await delivery(bo, room, "mine", "delivered")
  await bo.must("setSettings", { readReceipts: true })
  await delivery(bo, room, "mine", "read")
  await delivery(lan, room, "two", "read")
  const { rooms } = await bo.until("roomList", undefined, () => true)
  expect(rooms.find((each) => each.room === room)).toMatchObject({ unread: 0, last: { text: "mine" } })
})

test("receipts are few: many messages, one or two answers", async () => {
  const [lan, bo] = [await newcomer("lan"), await newcomer("bo", { receiptEveryMs: 1_000 })]
  const room = await befriend(lan, "lan", bo, "bo")
  for (let i = 0; i < 40; i++) await lan.say(room, `line ${i}`)
  const { seq = 0 } = await delivery(lan, room, "line 39", "delivered")
  const { seq: first = 0 } = await message(lan, room, withText("line 0"))
  expect(seq - first).toBeLessThan(60)
  await lan.say(room, "end")
  expect((await seqOf(lan, room, "end")) - seq).toBeLessThan(10)
})

test("typing is seen, ends, and is not shown by who hides it", async () => {
  const { lan, bo, room } = await twoFriends()
  // Only who hears the room live may say something in it that is not stored.
  await lan.say(room, "here")
  await bo.reads(room, ["here"])
  const typing = (one: Person, who: readonly string[]) =>
    one.until(
      "typing",
      { room },
      ({ people: all }) => all.map(({ username }) => username).join() === who.join(),
    )
  await lan.must("setTyping", { room, on: true })
  await typing(bo, ["lan"])
  for (const one of [lan, bo])
    await one.until("room", { room }, (value) => value.state === "here" && value.online === true)
  await lan.must("setTyping", { room, on: false })
  await typing(bo, [])
  await bo.must("setSettings", { showTyping: false })
  await bo.must("setTyping", { room, on: true })
  await lan.must("setTyping", { room, on: true })
  await lan.say(room, "after")
  await bo.reads(room, ["here", "after"])
  await typing(bo, [])
  await typing(lan, [])
})

test("messages disappear on every side when their time is over, also after a start", async () => {
  const disk = newDisk()
  let ahead = 0
  const clock = () => Date.now() + ahead
  const lan = await newcomer("lan", { clock })
  const bo = await newcomer("bo", { clock }, disk)
  const room = await befriend(lan, "lan", bo, "bo")
  await lan.say(room, "stays")
  await bo.reads(room, ["stays"])
  expect(await kindOf(bo.command("setTimer", { room, seconds: 5 }))).toBe("invalid_message")
  await bo.must("setTimer", { room, seconds: 30 })
  for (const one of [lan, bo])
    await one.until("room", { room }, (value) => value.state === "here" && value.timer === 30)
  await lan.timeline(room, (all) => eventsOf(all).includes("timer"))
  await lan.say(room, "goes")
  const { at, expiresAt } = await message(bo, room, withText("goes"))
  expect(expiresAt).toBe(at + 30_000)
  await bo.client.stop()
  ahead = 31_000
  const again = openPerson(house.url, disk, { clock })
  people.push(again)
  await again.reads(room, ["stays"])
  const list = await again.until("roomList", undefined, ({ rooms }) =>
    rooms.some((each) => each.room === room),
  )
  expect(list.rooms.find((each) => each.room === room)?.last?.text).toBe("stays")
  expect(
    JSON.stringify((await again.until("search", { query: "goes", limit: 5 }, ({ done }) => done)).items),
  ).toBe("[]")
})

test("search finds one character and more, as it is now, newest first, and says where", async () => {
  const { lan, bo, room } = await twoFriends()
  for (const text of ["我们去喝茶吧", "green tea", "Black TEA", "water"]) await lan.say(room, text)
  await bo.reads(room, ["我们去喝茶吧", "green tea", "Black TEA", "water"])
  const search = async (query: string, more: object = {}) =>
    (await bo.until("search", { query, limit: 10, ...more }, ({ done }) => done)).items
  expect((await search("茶")).map(({ text }) => text)).toEqual(["我们去喝茶吧"])
  const tea = await search("tea")
  expect(tea.map(({ text }) => text)).toEqual(["Black TEA", "green tea"])
  expect(tea[1]).toMatchObject({
    room,
    title: "lan",
    match: { from: 6, length: 3 },
    from: { user: lan.user },
  })
  expect(tea[1]?.seq).toBe(await seqOf(bo, room, "green tea"))
  expect(await search("tea", { sender: bo.user })).toEqual([])
  expect(await search("tea", { kind: "link" })).toEqual([])
  expect(await search("")).toEqual([])
  // A filter alone: everything that it lets through.
  const all = ["water", "Black TEA", "green tea", "我们去喝茶吧"]
  const found = async (filter: object) => (await search("", filter)).map(({ text }) => text)
  for (const filter of [{ room }, { sender: lan.user }, { kind: "text" }, { to: Date.now() + 60_000 }])
    expect(await found(filter)).toEqual(all)
  expect(await found({ room, kind: "file" })).toEqual([])
  expect(await found({ to: 1 })).toEqual([])
  await lan.must("editMessage", { room, seq: await seqOf(lan, room, "water"), text: "white tea" })
  await lan.must("recall", { room, seq: await seqOf(lan, room, "green tea") })
  await message(bo, room, withText("white tea"))
  await bo.timeline(room, (all) => eventsOf(all).includes("recalled"))
  expect((await search("tea")).map(({ text }) => text)).toEqual(["white tea", "Black TEA"])
  expect((await bo.until("search", { query: "tea", limit: 1 }, ({ done }) => done)).more).toBe(true)
})

test("a member whose client says what none may say costs notices at most, and changes nothing", async () => {
  const { lan, bo, room: _ } = await twoFriends()
  const honest = createCrypto(cheap)
  /** What goes in the place of the text "!0", "!1", … */
  let lies: readonly object[] = []
  const sealMessage: typeof honest.room.sealMessage = (room, bytes, aad) => {
    const content = decodeContent(bytes)
    const lie =
      content?.kind === "text" ? lies[Number(/^!(\d+)$/.exec(content.text)?.[1] ?? Number.NaN)] : undefined
    const seen = { seq: 0, hash: new Uint8Array(32) }
    return honest.room.sealMessage(room, lie ? encodeContent(lie as never, seen) : bytes, aad)
  }
  const eve = await newcomer("eve", { crypto: { ...honest, room: { ...honest.room, sealMessage } } })
  await befriend(lan, "lan", eve, "eve")
  const { room } = await lan.must("createGroup", { name: "Tea", members: [bo.user, eve.user] })
  for (const one of [lan, bo, eve])
    await one.until("room", { room }, (value) => value.state === "here" && value.members.length === 3)
  await lan.say(room, "lan's own")
  await lan.must("sendPoll", { room, question: "?", options: ["a", "b"], multiple: false })
  const { seq = 0 } = await message(lan, room, withText("lan's own"))
  const poll = await message(lan, room, (item) => item.body.kind === "poll")
  for (const one of [bo, eve]) await message(one, room, (item) => item.body.kind === "poll")
  const numbers = { text: Number(keyNumber(await message(eve, room, withText("lan's own")))), poll: 0 }
  numbers.poll = Number(keyNumber(await message(eve, room, (item) => item.body.kind === "poll")))
  const of = { seq, n: numbers.text }
  const asked = { seq: poll.seq ?? 0, n: numbers.poll }
  const quiet = [
    { kind: "edit", of, text: "eve's words" },
    { kind: "recall", of },
    { kind: "pin", of, on: true },
    { kind: "timer", seconds: 60 },
    { kind: "reaction", of, emoji: "no emoji", on: true },
    { kind: "vote", of: asked, choices: [7] },
    { kind: "vote", of: asked, choices: [0, 1] },
    { kind: "pollEnd", of: asked },
    { kind: "receipt", delivered: 10 ** 9, read: 10 ** 9 },
    { kind: "edit", of: { seq: 10 ** 9, n: 1 }, text: "nowhere" },
  ]
  const broken = [
    { kind: "text", text: "tea", mentions: [{ user: lan.user, from: 2, length: 9 }] },
    { kind: "reaction", of, emoji: "👍".repeat(2_500), on: true },
    {
      kind: "poll",
      question: "?",
      options: Array.from({ length: 1_000 }, (_one, i) => `${i}`),
      multiple: false,
    },
  ]
  lies = [...quiet, ...broken]
  for (let i = 0; i < lies.length; i++) await eve.say(room, `!${i}`)
  await eve.say(room, "done")
  for (const one of [lan, bo]) {
    await message(one, room, withText("done"))
    const { items } = await one.timeline(room, (all) => textsOf(all).includes("done"))
    expect(textsOf(items)).toEqual(["lan's own", "?\n- a\n- b", "done"])
    expect(eventsOf(items).filter((kind) => kind === "unreadable")).toHaveLength(broken.length)
    for (const kind of ["recalled", "pinned", "timer"]) expect(eventsOf(items)).not.toContain(kind)
    const [own, question] = messages(items)
    expect(own).toMatchObject({ reactions: [] })
    expect(own?.edited).toBeUndefined()
    expect(question?.body).toMatchObject({
      poll: { ended: false, options: [{ people: [] }, { people: [] }] },
    })
  }
  await bo.say(room, "still here")
  await eve.timeline(room, (all) => textsOf(all).includes("still here"))
})

/** Of a stored message that somebody else sent: `device:n`. */
const keyNumber = (item: MessageItem) => item.key.split(":")[1]
