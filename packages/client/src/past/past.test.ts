import type { Id } from "@teahouse/protocol/ids.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { encodeContent } from "../content/message.ts"
import type { Range } from "../content/past.ts"
import type { HistoryEntry, HistoryItem } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import { type Block, merge } from "../history/merge.ts"
import type { Blind, RoomMeta } from "../room/records.ts"
import { DAY_MS, entitled } from "./entitled.ts"
import { minus, takeNews, takePast } from "./fold.ts"
import { decodePage, encodePage, holds, type Own } from "./page.ts"

const id = (n: number) => `${"AAAAAAAAAAAAAAAAAAAAA"}${"AQgw"[n % 4]}` as Id
const [lan, bo, mei] = [id(0), id(1), id(2)]
const hashOf = (seq: number) => new Uint8Array(32).fill(seq & 255)
const say = (seq: number, more: object = {}): HistoryItem => ({
  type: "content",
  bytes: encodeContent({ kind: "text", text: `${seq}`, ...more }, { seq: seq - 1, hash: hashOf(seq - 1) }),
})
const members = (joined: Id[], left: Id[] = [], days?: number): HistoryItem => ({
  ...{ type: "members", joined, left, newDevice: [] },
  ...(days === undefined ? {} : { past: { days } }),
})
/** One entry a day. */
const entry = (
  seq: number,
  item: HistoryItem = say(seq),
  more: Partial<HistoryEntry> = {},
): HistoryEntry => ({
  ...{ seq, generation: 0, kind: item.type === "members" ? 1 : 0, device: bo, n: seq, time: seq * DAY_MS },
  ...{ hash: hashOf(seq), user: bo, item, ...more },
})
const room = (items: Readonly<Record<number, HistoryItem | Partial<HistoryEntry>>>, end: number) =>
  Array.from({ length: end }, (_, i) => i + 1).map((seq) => {
    const one = items[seq]
    return one && "type" in one ? entry(seq, one) : entry(seq, say(seq), one)
  })
async function given(
  entries: readonly HistoryEntry[],
  user: Id,
  open?: readonly Range[],
  now = 0,
  blind: readonly Blind[] = [],
) {
  const end = entries.at(-1)?.seq ?? 0
  const block = async (number: number) => entries.filter(({ seq }) => Math.floor(seq / SEGMENT) === number)
  const found = await entitled(block, end, { user, open: open ?? [{ from: 1, to: end }] }, now, 10_000, blind)
  return { seqs: found.entries.map(({ seq }) => seq).reverse(), ...found }
}
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test("who was on the roster gets what was said while they were, and not a position more", async () => {
  const all = room({ 5: members([mei]), 9: members([], [mei]), 12: members([mei]) }, 15)
  expect((await given(all, mei)).seqs).toEqual([...upTo(5, 8), ...upTo(12, 15)])
  expect((await given(all, lan)).seqs).toEqual(upTo(1, 15))
  expect((await given(all, mei, [{ from: 6, to: 13 }])).seqs).toEqual([6, 7, 8, 12, 13])
})

test("who comes in gets as many days as the group gave at that moment, and nothing older", async () => {
  const rule = (days?: number) => room({ 10: members([mei], [], days) }, 12)
  expect((await given(rule(), mei)).seqs).toEqual([10, 11, 12])
  expect((await given(rule(0), mei)).seqs).toEqual([10, 11, 12])
  const three = await given(rule(3), mei)
  expect(three.seqs).toEqual(upTo(7, 12))
  expect(three.closed).toBe(6)
  expect((await given(rule(36_500), mei)).seqs).toEqual(upTo(1, 12))
  // The rule of an earlier time holds no more.
  const again = room({ 3: members([mei], [], 36_500), 5: members([], [mei]), 8: members([mei]) }, 9)
  expect((await given(again, mei)).seqs).toEqual([3, 4, 8, 9])
})

test("nothing is given from where it cannot be told who was there", async () => {
  const lost = { kind: 1 as const, item: { type: "nothing" as const } }
  const { user: _, ...unknown } = entry(6, say(6), lost)
  const barriers: readonly HistoryEntry[] = [
    entry(6, say(6), { given: { user: lan, at: 9 } }),
    entry(6, { type: "here", first: false }),
    unknown,
  ]
  for (const barrier of barriers) {
    const all = room({}, 10).map((one) => (one.seq === 6 ? barrier : one))
    expect((await given(all, lan)).seqs).toEqual(upTo(7, 10))
  }
  const hole = room({}, 600).filter(({ seq }) => seq !== 300)
  expect((await given(hole, lan)).seqs).toEqual(upTo(301, 600))
})

test("below what this device could not follow it gives on, where it knows who was there before", async () => {
  const { user: _, ...unknown } = entry(6, { type: "nothing" }, { kind: 1 })
  const all = [...room({ 3: members([mei]) }, 12), entry(13, { type: "here", first: false }), entry(14)].map(
    (one) => (one.seq === 6 || one.seq === 9 ? { ...unknown, seq: one.seq } : one),
  )
  const to = (user: Id, joined: readonly Id[] = []) =>
    given(all, user, undefined, 0, [
      { from: 6, to: 8, joined: [] },
      { from: 9, to: 13, joined },
    ])
  expect((await to(lan)).seqs).toEqual([...upTo(1, 5), 14])
  expect((await to(mei)).seqs).toEqual([3, 4, 5, 14])
  // Who came in meanwhile was not there before.
  expect((await to(lan, [lan])).seqs).toEqual([14])
  // It ends with one of which this device does not know who was there.
  expect((await given(all, lan, undefined, 0, [{ from: 9, to: 13, joined: [] }])).seqs).toEqual([7, 8, 14])
})

test("what is gone stays gone, what is over is not given, what one deleted for oneself is left to others", async () => {
  const all = room(
    {
      2: { type: "gone", why: "recalled" },
      3: { type: "gone", why: "deleted" },
      4: { type: "gone", why: "emptied" },
      5: { type: "unreadable" },
      6: say(6, { expires: 60 }),
      7: say(7, { expires: 10 * 86_400 }),
    },
    8,
  )
  const { entries, seqs } = await given(all, lan, undefined, 8 * DAY_MS)
  expect(seqs).toEqual([1, 2, 6, 7, 8])
  const words = entries.map(({ item }) => (item.type === "gone" ? item.why : item.type)).reverse()
  expect(words).toEqual(["content", "recalled", "expired", "content", "content"])
})

const own = (more: Partial<Own> = {}): Own => ({
  wanted: { from: 2, to: 9 },
  entryAt: async () => undefined,
  hashAt: async (seq) => (seq === 1 || seq === 10 ? hashOf(seq) : undefined),
  ownerOf: () => bo,
  ...more,
})
async function judged(
  entries: readonly HistoryEntry[],
  more: Partial<Own> = {},
  ranges = [{ from: 2, to: 9 }],
) {
  const edges = [
    { seq: 1, hash: hashOf(1) },
    { seq: 10, hash: hashOf(10) },
  ]
  const page = await decodePage(await encodePage(entries, new Map(), edges))
  return page !== undefined && holds(page, ranges, own(more))
}

test("a page holds where it meets one's own chain, and is refused where it says another thing", async () => {
  const all = room({}, 9).slice(1)
  expect(await judged(all)).toBe(true)
  // What one said oneself, from a device that is gone.
  const mine = all.map((one) => ({ ...one, user: lan }))
  expect(await judged(mine, { ownerOf: () => undefined })).toBe(true)
  const bad: readonly [string, readonly HistoryEntry[], Partial<Own>?, Range[]?][] = [
    ["older than the rule", all, { wanted: { from: 2, to: 9, since: 3 * DAY_MS } }],
    ["not asked for", all, { wanted: { from: 3, to: 9 } }],
    ["not offered", all, {}, [{ from: 3, to: 9 }]],
    ["in my name", all.map((one) => ({ ...one, user: lan }))],
    ["in somebody's name", all, { ownerOf: () => mei }],
    ["another device than here", all, { entryAt: async (seq) => entry(seq, say(seq), { device: mei }) }],
    ["another hash than here", all, { entryAt: async (seq) => entry(seq, say(seq), { hash: hashOf(0) }) }],
    ["another hash than was seen", all.map((one) => (one.seq === 5 ? { ...one, hash: hashOf(0) } : one))],
    ["numbers that fall", all.map((one) => (one.seq === 5 ? { ...one, n: 1 } : one))],
    ["a message that is a commit", all.map((one) => ({ ...one, kind: 1 as const }))],
    ["passed on", all.map((one) => ({ ...one, given: { user: mei, at: 3 } }))],
    ["another chain after it", all, { hashAt: async (seq) => (seq === 10 ? hashOf(0) : undefined) }],
  ]
  for (const [name, entries, more, ranges] of bad)
    expect([name, await judged(entries, more, ranges)]).toEqual([name, false])
})

const lines: fc.Arbitrary<HistoryEntry[]> = fc
  .subarray([2, 3, 4, 5, 6])
  .chain((seqs) =>
    fc.tuple(
      ...seqs.map((seq) =>
        fc
          .constantFrom<HistoryItem>(say(seq), say(seq, { text: "a lie" }), { type: "gone", why: "recalled" })
          .map((item) => entry(seq, item)),
      ),
    ),
  )

test("in whatever order answers come, how often, how much of it: the same history, and one's own stays", () => {
  fc.assert(
    fc.property(
      fc.array(lines, { minLength: 1, maxLength: 5 }),
      lines,
      fc.infiniteStream(fc.nat()),
      (answers, mine, shuffle) => {
        const blocks: Block[] = answers.map((entries, at) => ({
          entries: entries.map((one) => ({ ...one, given: { user: bo, at } })),
          marks: new Map(),
        }))
        const start: Block = { entries: mine, marks: new Map() }
        const all = (some: readonly Block[]) => some.reduce((one, next) => merge(one, next))
        const once = all([start, ...blocks])
        const order = [...blocks, ...blocks].map((block) => ({ block, at: shuffle.next().value }))
        const other = order.sort((a, b) => a.at - b.at).map(({ block }) => block)
        expect(all([start, ...other])).toEqual(once)
        expect(merge(all(other), start)).toEqual(once)
        for (const one of mine) expect(once.entries.find(({ seq }) => seq === one.seq)).toEqual(one)
        for (const one of once.entries) {
          const first = blocks.findIndex(({ entries }) => entries.some(({ seq }) => seq === one.seq))
          if (one.given && one.item.type === "content") expect(one.given.at).toBe(first)
        }
      },
    ),
    { numRuns: 300 },
  )
})

const key = new Uint8Array(32).fill(1)
const base = { v: 1, seen: { seq: 0, hash: hashOf(0) } }
const ask = { ...base, kind: "pastRequest" as const, key, ranges: [{ from: 2, to: 9 }], except: [mei] }
const offer = (from: number, to: number) => ({
  ...base,
  ...{ kind: "pastOffer" as const, request: 20, ranges: [{ from, to }] },
  page: { blob: id(3), token: new Uint8Array(16), size: 300 },
})
const by = (user: Id, seq: number, device = user) => ({ user, device, seq, time: seq })
const as = (user: Id) => ({ user, device: user })

test("what was answered is asked of nobody again, and what nobody waits for is let go", () => {
  let meta = takePast({} as RoomMeta, ask, by(lan, 20), as(bo))
  meta = takePast(meta, offer(5, 9), by(bo, 21), as(bo))
  expect(meta.past?.asks[0]?.open).toEqual([{ from: 2, to: 4 }])
  // Whose answer did not hold closes nothing.
  meta = takePast(meta, offer(2, 4), by(mei, 22), as(bo))
  expect(meta.past?.asks[0]?.open).toEqual([{ from: 2, to: 4 }])
  meta = takePast(meta, offer(1, 30), by(lan, 23), as(bo))
  expect(meta.past?.asks[0]?.open).toEqual([])
  expect(meta.past?.offers).toEqual([])
  meta = takePast(meta, { ...ask, ranges: [] }, by(lan, 24), as(bo))
  expect(meta.past?.asks).toEqual([])
  expect(meta.past?.over).toEqual([21])
  // An answer to nothing is let go at once.
  expect(takePast(meta, offer(1, 2), by(bo, 25), as(bo)).past?.over).toEqual([21, 25])
})

test("an answer of another device of the account is not let go by one that came in after the request", () => {
  const none = {} as RoomMeta
  expect(takePast(none, offer(5, 9), by(bo, 21, lan), as(bo)).past?.over ?? []).toEqual([])
  // Who gives what does not hold is asked for nothing more: that every device sees that has read the request.
  const asked = takePast(none, ask, by(lan, 20), as(mei))
  expect(takePast(asked, offer(5, 9), by(mei, 21, bo), as(mei)).past?.over).toEqual([21])
})

test("a request says nothing of what comes after it", () => {
  const meta = takePast({} as RoomMeta, { ...ask, ranges: [{ from: 5, to: 99 }] }, by(lan, 20), as(bo))
  expect(meta.past?.asks).toEqual([])
  expect(
    minus(
      [{ from: 1, to: 9 }],
      [
        { from: 3, to: 3 },
        { from: 9, to: 12 },
      ],
    ),
  ).toEqual([
    { from: 1, to: 2 },
    { from: 4, to: 8 },
  ])
})

test("what was said is taken in the order of the log, and once", () => {
  const news = [
    { content: ask, by: by(lan, 20) },
    { content: offer(5, 9), by: by(bo, 21) },
  ]
  const start = { past: { asks: [], offers: [], over: [], news } } as unknown as RoomMeta
  const meta = takeNews(start, as(lan))
  expect(meta.past?.asks[0]?.open).toEqual([{ from: 2, to: 4 }])
  expect(meta.past?.offers.map(({ seq }) => seq)).toEqual([21])
  expect(takeNews(meta, as(lan)).past).toEqual(meta.past)
})
