/** Above what others gave stands who gave it: once for all that follows, and where there is something to read. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import type { HistoryEntry, HistoryItem } from "../history/entry.ts"
import type { Home } from "../home.ts"
import type { RoomState } from "../room/state.ts"
import { itemsOf } from "./timeline-items.ts"

const bo = "BAAAAAAAAAAAAAAAAAAAAA" as Id
const eve = "EAAAAAAAAAAAAAAAAAAAAA" as Id
const home = {
  account: { user: eve },
  contacts: { isBlocked: () => false },
  people: { person: (user: Id) => ({ user, name: user }), get: () => undefined },
} as unknown as Home
const state = { meta: {}, outbox: [] } as unknown as RoomState
const nothing: HistoryItem = { type: "nothing" }
const joined: HistoryItem = { type: "members", joined: [eve], left: [], newDevice: [] }

async function shown(items: readonly (readonly [HistoryItem, by?: Id])[]) {
  const entries = items.map(([item, by], seq) => ({
    ...{ seq, item, time: 0, user: bo },
    ...(by ? { given: { user: by, at: 9 } } : {}),
  })) as unknown as HistoryEntry[]
  const lines = await Promise.all(
    entries.map((entry, i) => itemsOf(home, state, entry, new Map(), (back) => entries[i - back])),
  )
  return lines.flat().map((line) => (line.type === "event" ? `${line.seq} ${line.event.kind}` : "message"))
}

test("it stands above the first line of what somebody gave, and of the next one's", async () => {
  const given = [
    [joined, bo],
    [nothing, bo],
    [joined, bo],
    [joined, eve],
  ] as const
  expect(await shown([[joined], ...given])).toEqual([
    ...["0 joined", "1 given", "1 joined", "3 joined", "4 given", "4 joined"],
  ])
})

test("what shows nothing is given without a word, and takes none from what follows it", async () => {
  expect(await shown([[nothing, bo], [nothing, bo], [joined]])).toEqual(["2 joined"])
  expect(
    await shown([
      [nothing, bo],
      [joined, bo],
    ]),
  ).toEqual(["1 given", "1 joined"])
})
