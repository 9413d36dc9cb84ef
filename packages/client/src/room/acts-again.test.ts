/** What was done, or asked for, to messages that a restored house has lost: done again to the same message, and to no other. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { type Draft, encodeContent } from "../content/message.ts"
import { createCrypto } from "../crypto/mls-crypto.ts"
import { id } from "../crypto/people.fixture.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { createHistory } from "../history/history.ts"
import { createMarks, type Mark } from "../history/marks.ts"
import { memoryKeyBox } from "../store/key-box.ts"
import { memoryStores } from "../store/memory.ts"
import { sealedStore } from "../store/sealed.ts"
import type { RoomCore } from "./core.ts"
import type { Taken } from "./inbox.ts"
import type { OutboxItem } from "./records.ts"
import { standsAgain } from "./stands-again.ts"
import type { RoomState } from "./state.ts"
import { repeatedBy, stepBack } from "./step-back.ts"

const crypto = createCrypto()
const [room, lan, bo] = [id(), id(), id()]
/** This one, another one of the account, and somebody else's. */
const [here, tablet, phone] = [id(), id(), id()]
const hash = new Uint8Array(32)
const AFTER = 4

const said = (seq: number, device: Id, draft: Draft, n = seq): HistoryEntry => ({
  ...{ seq, generation: 0, kind: 0, device, n, time: 1_000 + seq, hash },
  user: device === phone ? bo : lan,
  item: { type: "content", bytes: encodeContent(draft, { seq: 0, hash }) },
})

/** This device's chat, in which the house has lost these. */
async function lostChat(
  entries: readonly HistoryEntry[],
  asked: readonly (Draft & { readonly refused?: true })[] = [],
  done: ReadonlyMap<number, Mark> = new Map(),
) {
  const key = await memoryKeyBox().save("a", crypto.sealed.newKey())
  const store = sealedStore(await memoryStores().open("a"), key, crypto.sealed)
  const history = createHistory({ store, sealed: crypto.sealed, user: lan, keys: async () => undefined })
  const marks = createMarks(store)
  await store.write([...(await history.add(room, 1, entries)), ...marks.writes(room, 1, done)])
  const outbox = asked.map(({ refused, ...draft }, i): OutboxItem => {
    return { order: i + 1, key: `asked ${i}`, draft, at: 2_000 + i, state: refused ? "refused" : "waiting" }
  })
  const seq = entries.at(-1)?.seq ?? AFTER
  const meta = { room, incarnation: 1, seq, joined: { seq: 1, hash }, read: seq, unread: 0 }
  let state = { meta, outbox } as unknown as RoomState
  let made = 0
  const core = {
    ...{ room, line: {}, state: () => state },
    async save(
      next: RoomState,
      writes: Parameters<typeof store.write>[0],
      _: unknown,
      remember?: () => void,
    ) {
      state = next
      await store.write(writes)
      remember?.()
    },
    parts: {
      ...{ store, crypto, history, marks, me: { user: lan, device: here }, clock: () => 0 },
      ...{ pace: { patienceMs: 1 }, alarm() {}, onLetGo() {}, newKey: () => `new ${made++}` },
    },
  } as unknown as RoomCore
  await stepBack(core, {
    ...{ life: { incarnation: 50, kept: AFTER }, after: AFTER },
    back: { seq: AFTER, hash } as never,
  })
  return {
    sends: () => state.outbox.map(({ draft }) => draft),
    /** What is queued because of these, which stand in the log now. */
    async comes(...anew: HistoryEntry[]) {
      const repeats = []
      for (const entry of anew) repeats.push(...(await repeatedBy(core, entry, contentOf(entry) as never)))
      const taken = { repeats, history: anew, state } as unknown as Taken
      const before = state.outbox.length
      const { writes, remember, queued } = await standsAgain(core, taken)
      await core.save({ ...state, ...queued }, writes, undefined, remember)
      const does = state.outbox.slice(before).map(({ draft }) => draft)
      return { hides: repeats.map(({ seq }) => seq), does }
    },
  }
}

const poll = (question: string): Draft => ({ kind: "poll", question, options: ["a", "b"], multiple: false })
const of = (seq: number) => ({ seq, n: seq })

test("a vote, a reaction and a pin are for the words that they were for, and not for others under the same number", async () => {
  const lost = [
    said(5, phone, poll("tea?")),
    said(6, here, { kind: "vote", of: of(5), choices: [1] }),
    said(7, here, { kind: "reaction", of: of(5), emoji: "🍵", on: true }),
    said(8, here, { kind: "pin", of: of(5), on: true }),
  ]
  const other = said(9, phone, { ...poll("do you owe me?"), was: 5 })
  const same = said(10, phone, { ...poll("tea?"), was: 5 })
  const one = await lostChat(lost)
  expect(await one.comes(other)).toEqual({ hides: [], does: [] })
  // Nor where both come at once.
  const { does } = await one.comes(said(11, phone, { ...poll("and this?"), was: 5 }), same)
  expect(does).toEqual([
    { kind: "vote", of: { seq: 10, n: 10 }, choices: [1], was: 6 },
    { kind: "reaction", of: { seq: 10, n: 10 }, emoji: "🍵", on: true, was: 7 },
    { kind: "pin", of: { seq: 10, n: 10 }, on: true, was: 8 },
  ])
})

test("what the account itself took back or put in other words stays so, though its other device says it as it was first", async () => {
  const lost = [
    said(5, tablet, { kind: "text", text: "tea" }),
    said(6, here, { kind: "edit", of: of(5), text: "green tea" }),
    said(7, phone, { kind: "text", text: "tee" }),
    said(8, here, { kind: "reaction", of: of(7), emoji: "👍", on: true }),
  ]
  const done = new Map<number, Mark>([5, 7].map((seq) => [seq, { edit: { text: "green tea" } }]))
  const one = await lostChat(lost, [], done)
  // It has read of an edit between the two.
  expect((await one.comes(said(9, tablet, { kind: "text", text: "hot tea", was: 5 }))).does).toEqual([
    { kind: "edit", of: { seq: 9, n: 9 }, text: "green tea", was: 6 },
  ])
  expect((await one.comes(said(10, phone, { kind: "text", text: "tee", was: 7 }))).does).toEqual([
    { kind: "reaction", of: { seq: 10, n: 10 }, emoji: "👍", on: true, was: 8 },
  ])
})

test("what was to be edited is sent again as edited, and what was to be recalled is not; what the house had refused counts for nothing", async () => {
  const lost = [5, 6, 7].map((seq) => said(seq, here, { kind: "text", text: `slip ${seq}` }))
  const one = await lostChat(lost, [
    { kind: "edit", of: of(5), text: "slap" },
    { kind: "edit", of: of(5), text: "slap 5" },
    { kind: "recall", of: of(6) },
    { kind: "recall", of: of(7), refused: true },
    { kind: "edit", of: of(7), text: "late", refused: true },
    { kind: "reaction", of: of(5), emoji: "🍵", on: true },
  ])
  expect(one.sends()).toEqual([
    { kind: "text", text: "slap 5", was: 5 },
    { kind: "text", text: "slip 7", was: 7 },
  ])
  expect(await one.comes(said(9, here, { kind: "text", text: "slap 5", was: 5 }))).toEqual({
    hides: [5],
    does: [{ kind: "reaction", of: { seq: 9, n: 9 }, emoji: "🍵", on: true }],
  })
})

test("what was to be done to a message that another device had sent is done once when that one has sent it again", async () => {
  const lost = [
    said(5, tablet, { kind: "text", text: "slip" }),
    said(6, phone, poll("tea?")),
    said(7, here, { kind: "reaction", of: of(6), emoji: "🍵", on: true }),
  ]
  const one = await lostChat(lost, [
    { kind: "edit", of: of(5), text: "slap" },
    { kind: "recall", of: of(5) },
    { kind: "vote", of: of(6), choices: [0] },
    { kind: "reaction", of: of(6), emoji: "🍵", on: false },
  ])
  expect(one.sends()).toEqual([])
  expect((await one.comes(said(8, phone, { ...poll("lend me?"), was: 6 }))).does).toEqual([])
  const slip = said(9, tablet, { kind: "text", text: "slip", was: 5 })
  expect((await one.comes(slip)).does).toEqual([
    { kind: "edit", of: { seq: 9, n: 9 }, text: "slap" },
    { kind: "recall", of: { seq: 9, n: 9 } },
  ])
  expect((await one.comes(said(10, phone, { ...poll("tea?"), was: 6 }))).does).toEqual([
    { kind: "reaction", of: { seq: 10, n: 10 }, emoji: "🍵", on: false },
    { kind: "vote", of: { seq: 10, n: 10 }, choices: [0] },
  ])
  expect((await one.comes(slip)).does).toEqual([])
})
