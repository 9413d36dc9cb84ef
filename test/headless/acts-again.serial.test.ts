/**
 * What was done to messages in a part of the log that a restored house has lost is done again by the device that had done it, so that
 * those who had not seen it see it now; a message that was recalled does not come back to life.
 */
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { test } from "vitest"
import { houseAndBackups } from "./house-and-backups.ts"
import { arriveAsFriends, newDisk, type Person } from "./person.ts"

const { person, backUp, restore, stop } = houseAndBackups()

/** Texts with what was done to them, and a dash for each that was recalled. */
const linesOf = (items: readonly TimelineItem[]): string[] =>
  items.flatMap((item) => {
    if (item.type === "event") return item.event.kind === "recalled" ? ["-"] : []
    if (item.lost || item.seq === undefined) return ["?"]
    const emoji = item.reactions.map((one) => `${one.emoji}${one.people.length}`).join("")
    return [`${item.text}${item.edited ? "*" : ""}${emoji}`]
  })
const shows = (one: Person, room: Id, lines: readonly string[]) =>
  one.timeline(room, (items) => JSON.stringify(linesOf(items)) === JSON.stringify(lines))
const seqOf = async (one: Person, room: Id, text: string) => {
  const is = (item: TimelineItem) => item.type === "message" && item.seq !== undefined && item.text === text
  const { items } = await one.timeline(room, (now) => now.some(is))
  return items.find(is)?.seq as number
}

test("on messages that the house has kept: reacted, edited, recalled, for who was away as for who was there", async () => {
  const disk = newDisk()
  const [lan, tablet, first] = [person(), person(), person(disk)]
  const room = await arriveAsFriends(lan, "lan", first, "bo")
  await tablet.signIn("lan")
  for (const text of ["one", "two", "three", "four"]) await lan.say(room, text)
  for (const one of [lan, tablet, first]) await shows(one, room, ["one", "two", "three", "four"])
  await first.client.stop()
  await backUp("last night")
  const seqs = await Promise.all(["one", "two", "three"].map((text) => seqOf(lan, room, text)))
  const [one = 0, two = 0, three = 0] = seqs
  await lan.must("react", { room, seq: one, emoji: "🍵", on: true })
  await lan.must("editMessage", { room, seq: two, text: "two cups" })
  await lan.must("recall", { room, seq: three })
  const now = ["one🍵1", "two cups*", "-", "four"]
  for (const each of [lan, tablet]) await shows(each, room, now)
  await restore("last night")
  const bo = person(disk)
  for (const each of [bo, lan, tablet]) await shows(each, room, now)
})

test("on messages that it has lost too, once they stand there again", async () => {
  const disk = newDisk()
  const [lan, first, bo] = [person(), person(disk), person()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await first.signIn("lan")
  await lan.say(room, "kept")
  for (const one of [lan, first, bo]) await shows(one, room, ["kept"])
  await lan.safe()
  await backUp("last night")
  for (const text of ["tea", "a slip"]) await first.say(room, text)
  for (const one of [lan, first, bo]) await shows(one, room, ["kept", "tea", "a slip"])
  // The device that had said it does not know that it was recalled, and says it again.
  await first.client.stop()
  await lan.must("recall", { room, seq: await seqOf(lan, room, "a slip") })
  await bo.must("react", { room, seq: await seqOf(bo, room, "tea"), emoji: "👍", on: true })
  await lan.must("react", { room, seq: await seqOf(lan, room, "tea"), emoji: "👍", on: true })
  for (const one of [lan, bo]) await shows(one, room, ["kept", "tea👍2", "-"])
  await restore("last night")
  for (const one of [lan, bo])
    await one.until("connection", undefined, ({ alarms }) => alarms.some((each) => each.room === room))
  const tablet = person(disk)
  for (const one of [tablet, lan, bo])
    await one.timeline(room, (items) => JSON.stringify(linesOf(items).slice(-2)) === '["tea👍2","-"]')
})

test("what was to be recalled, and had not been yet, is not sent again; what was to be edited is sent as edited", async () => {
  const [lan, bo] = [person(), person()]
  const room = await arriveAsFriends(lan, "lan", bo, "bo")
  await lan.say(room, "kept")
  for (const one of [lan, bo]) await shows(one, room, ["kept"])
  await backUp("last night")
  for (const text of ["a slip", "a word"]) await lan.say(room, text)
  for (const one of [lan, bo]) await shows(one, room, ["kept", "a slip", "a word"])
  const seq = await seqOf(lan, room, "a slip")
  const word = await seqOf(lan, room, "a word")
  await stop()
  await lan.must("recall", { room, seq })
  await lan.must("editMessage", { room, seq: word, text: "a better word" })
  await restore("last night")
  await lan.say(room, "on")
  await bo.timeline(room, (items) => linesOf(items).includes("on"))
  // Who had read the first words has them still, as what they are.
  await shows(bo, room, ["kept", "?", "?", "a better word", "on"])
  await shows(lan, room, ["kept", "?", "a better word", "on"])
})
