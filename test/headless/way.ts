/**
 * The way of a message from end to end, as people go it: one set of scenes for every kind of house, so that "it works there, too" says the same
 * of each. What differs is told by who calls: how one comes to that house, how one gets in, and how it goes away and comes back.
 */
import { createHash, randomBytes } from "node:crypto"
import { png } from "@teahouse/client/media/samples.fixture.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect } from "vitest"
import { signedIn } from "./house-for-each.ts"
import { befriend, type Person, textsOf } from "./person.ts"

export type HouseOnTheWay = {
  /** Somebody at the house's address, which stays what it is. */
  readonly person: () => Person
  /** A new account, where registration is not open to everybody. */
  readonly enter?: (one: Person, username: string) => Promise<void>
  /** It ends, or is lost, and answers nobody; resolves with what brings it back at the same address. */
  readonly away: () => Promise<() => Promise<unknown>>
}

/** Who went it, and what they have: for what else is to be seen in that house. */
export type Gone = {
  readonly lan: Person
  readonly bo: Person
  /** A second client of lan's. */
  readonly tablet: Person
  readonly chat: Id
  /** Everything that stands in the chat of lan and bo, in this order. */
  readonly said: readonly string[]
}

const KiB = 1024

export async function goTheWay(house: HouseOnTheWay): Promise<Gone> {
  const { person, away, enter = (one, username) => one.register(username) } = house
  const [lan, bo, eve] = [person(), person(), person()]
  await enter(lan, "lan")
  await enter(bo, "阿波")
  await enter(eve, "eve")

  // Friends, and a chat of two with emoji in it and on it.
  const chat = await befriend(lan, "lan", bo, "阿波")
  await befriend(eve, "eve", lan, "lan")
  await lan.say(chat, "你好 🍵")
  await bo.reads(chat, ["你好 🍵"])
  await bo.say(chat, "Hello, Lan")
  const { items } = await lan.reads(chat, ["你好 🍵", "Hello, Lan"])
  await lan.must("react", {
    room: chat,
    seq: messageOf(items, "Hello, Lan").seq as number,
    emoji: "👍",
    on: true,
  })
  const liked = (all: readonly TimelineItem[]) => messageOf(all, "Hello, Lan").reactions[0]
  await bo.timeline(chat, (all) => liked(all)?.emoji === "👍")

  // A file of several pieces, and a picture whose preview is there before it is.
  const file = randomBytes(1500 * KiB)
  const picture = png(48, 32)
  const thumb = png(6, 4)
  const media = { kind: "image", width: 48, height: 32, thumb } as const
  await lan.must("sendFiles", {
    room: chat,
    files: [
      { source: new Blob([file]), name: "茶.bin", type: "" },
      { source: new Blob([picture]), name: "tea.png", type: "image/png", media },
    ],
  })
  const said = ["你好 🍵", "Hello, Lan", "茶.bin", "tea.png"]
  await bo.reads(chat, said)
  const opensBoth = async (one: Person) => {
    expect(await opened(one, chat, "茶.bin")).toEqual({ inline: false, hash: hashOf(file) })
    const shown = await keyOf(one, chat, "tea.png")
    expect((await one.must("filePreview", shown)).thumb).toEqual(thumb)
    expect(await opened(one, chat, "tea.png")).toEqual({ inline: true, hash: hashOf(picture) })
  }
  await opensBoth(bo)

  // A group; one of its people signs out of it for a while, and has what was said meanwhile.
  const users = await Promise.all([bo, eve].map(async (one) => (await signedIn(one)).user))
  const { room: group } = await lan.must("createGroup", { name: "Tea 茶", members: users })
  for (const one of [bo, eve])
    await one.until("room", { room: group }, (room) => room.state === "here" && room.members.length === 3)
  await bo.say(group, "three of us")
  await eve.reads(group, ["three of us"])
  await eve.must("signOut", { forget: false })
  await lan.say(group, "where is Eve?")
  await bo.reads(group, ["three of us", "where is Eve?"])
  await eve.signIn("eve")
  await eve.reads(group, ["three of us", "where is Eve?"])

  // The house is away: what is written then waits, and goes once and in order when it is back.
  for (const one of [lan, bo, eve]) await one.safe()
  const back = await away()
  for (const one of [lan, bo, eve])
    await one.until("connection", undefined, ({ state }) => state !== "connected")
  await lan.say(chat, "written alone")
  await lan.say(chat, "and this")
  await eve.say(group, "here I am")
  await lan.until("connection", undefined, ({ waiting }) => waiting === 2)
  await back()
  said.push("written alone", "and this")
  for (const one of [lan, bo]) await one.reads(chat, said)
  for (const one of [lan, bo, eve]) await one.reads(group, ["three of us", "where is Eve?", "here I am"])

  // A second client of the same account has all of it, and is one more place where lan reads and writes.
  await lan.safe()
  const tablet = person()
  await tablet.signIn("lan")
  const past = await tablet.timeline(chat, (all) => JSON.stringify(textsOf(all)) === JSON.stringify(said))
  expect(liked(past.items)).toMatchObject({ emoji: "👍", mine: true })
  await opensBoth(tablet)
  await tablet.timeline(group, (all) => textsOf(all).join("|") === "three of us|where is Eve?|here I am")
  await bo.say(chat, "to both")
  said.push("to both")
  await tablet.timeline(chat, (all) => textsOf(all).includes("to both"))
  await tablet.say(chat, "from the tablet")
  said.push("from the tablet")
  for (const one of [lan, bo]) await one.reads(chat, said)

  for (const one of [lan, bo, eve, tablet]) expect(one.bugs).toEqual([])
  return { lan, bo, tablet, chat, said }
}

function messageOf(items: readonly TimelineItem[], text: string): MessageItem {
  const found = items.find((item) => item.type === "message" && item.text === text)
  if (found?.type !== "message") throw new Error(`nobody said ${text}`)
  return found
}
async function keyOf(one: Person, room: Id, name: string) {
  const { items } = await one.timeline(room, (all) => textsOf(all).includes(name))
  const { key, seq } = messageOf(items, name)
  return { room, key, ...(seq === undefined ? {} : { seq }) }
}
/** Every byte of it, as a screen reads it. */
async function opened(one: Person, room: Id, name: string) {
  const { url, size, inline } = await one.must("openFile", await keyOf(one, room, name))
  const hash = createHash("sha256")
  for (let at = 0; at < size; ) {
    const part = await one.client.files.read(url.split("/").at(-1) as string, at, size)
    if (!part || part.length === 0) throw new Error(`nothing of ${name} at ${at}`)
    hash.update(part)
    at += part.length
  }
  return { inline, hash: hash.digest("hex") }
}
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")
