/** What a restored house has lost, and nobody has sent again, is found by search and stands in an export, marked as it is in the chat. */
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { expect, test } from "vitest"
import { houseAndBackups } from "./house-and-backups.ts"
import { arriveAsFriends, newDisk, PASSWORD, textsOf } from "./person.ts"

const { person, backUp, restore } = houseAndBackups()

test("lost messages are found, lead to their place, and are exported between those around them", async () => {
  const disk = newDisk()
  const [lan, first] = [person(), person(disk)]
  const room = await arriveAsFriends(lan, "lan", first, "bo")
  await lan.say(room, "green tea, kept")
  for (const one of [lan, first]) await one.reads(room, ["green tea, kept"])
  await backUp("last night")
  await first.say(room, "red tea")
  await first.say(room, "no cake")
  await lan.reads(room, ["green tea, kept", "red tea", "no cake"])
  const { items: before } = await first.timeline(room, (items) => textsOf(items).includes("red tea"))
  const seq = before.find((item) => item.type === "message" && item.text === "red tea")?.seq ?? 0
  await first.must("editMessage", { room, seq, text: "black tea, lost" })
  await lan.reads(room, ["green tea, kept", "black tea, lost", "no cake"])
  await first.client.stop()
  await restore("last night")
  await lan.until("connection", undefined, ({ alarms }) => alarms.some((one) => one.room === room))
  await lan.say(room, "white tea, after")
  const shown = ["green tea, kept", "black tea, lost", "no cake", "white tea, after"]
  await lan.reads(room, shown)

  const search = (query: string) => lan.until("search", { query, limit: 10 }, ({ done }) => done)
  const { items } = await search("tea,")
  expect(items.map(({ text }) => text)).toEqual(["white tea, after", "black tea, lost", "green tea, kept"])
  expect((await search("red tea")).items).toEqual([])
  // Where it is found a window can begin, and the message stands in it.
  const found = items[1]?.seq ?? 0
  const { items: around } = await lan.until("timeline", { room, around: found, limit: 3 }, () => true)
  expect(around.find((item) => item.seq === found)).toMatchObject({ text: "black tea, lost", lost: true })

  const { pass } = await lan.must("beginExport", { password: PASSWORD })
  for (const limit of [1, 100]) {
    const all: TimelineItem[] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: { items: readonly TimelineItem[]; next?: number } = await lan.must("exportPage", {
        ...{ pass, room, after, limit },
      })
      all.push(...page.items)
      after = page.next
    }
    expect(textsOf(all)).toEqual(shown)
    expect(all.flatMap((item) => (item.type === "message" && item.lost ? [item.text] : []))).toEqual(
      shown.slice(1, 3),
    )
  }

  // Its sender comes back: it stands in the log again, and is found once, there.
  const bo = person(disk)
  await lan.timeline(room, (now) => !now.some((item) => item.type === "message" && item.lost))
  expect((await search("black tea")).items.map(({ seq: at }) => Number.isInteger(at))).toEqual([true])
  await bo.timeline(room, (now) => textsOf(now).includes("white tea, after"))
})
