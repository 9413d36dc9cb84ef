import type { Id } from "@teahouse/protocol/ids.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import type { HistoryEntry, HistoryItem } from "./entry.ts"
import type { Mark } from "./marks.ts"
import { type Block, isTombstone, merge, shared } from "./merge.ts"
import { decodeSegment, deflated, encodeSegment, inflated } from "./segment.ts"

const id = (n: number) => `${"AAAAAAAAAAAAAAAAAAAAA"}${"AQgw"[n % 4]}` as Id

/** What the log says of a position is the same on all devices; what they make of it may differ. */
const itemAt = (seq: number): fc.Arbitrary<HistoryItem> =>
  fc.oneof(
    fc.constant<HistoryItem>({ type: "content", bytes: Uint8Array.of(1, seq & 255) }),
    fc.constant<HistoryItem>({ type: "nothing" }),
    fc.constant<HistoryItem>({ type: "unreadable" }),
    fc.constant<HistoryItem>({ type: "here", first: true }),
    fc.constantFrom<HistoryItem>(
      { type: "gone", why: "recalled" },
      { type: "gone", why: "expired" },
      { type: "gone", why: "deleted" },
      { type: "gone", why: "emptied" },
    ),
    fc.constantFrom<HistoryItem>(
      { type: "members", joined: [id(seq)], left: [], newDevice: [] },
      { type: "members", joined: [], left: [], newDevice: [], newIdentity: [id(seq)] },
    ),
  )
const entryAt = (seq: number): fc.Arbitrary<HistoryEntry> =>
  itemAt(seq).map((item) => ({
    ...{ seq, generation: 0, kind: 0 as const, device: id(seq), n: seq, time: 1_000 + seq },
    ...{ hash: new Uint8Array(32).fill(seq & 255), user: id(seq), item },
  }))
const mark: fc.Arbitrary<Mark> = fc.record({
  at: fc.integer({ min: 0, max: 5 }),
  reactions: fc.subarray([0, 1, 2]).map((ns) => [{ emoji: "🍵", users: ns.map(id) }]),
})
const block: fc.Arbitrary<Block> = fc
  .subarray([0, 1, 2, 3, 4, 5, 6, 7])
  .chain((seqs) => fc.tuple(fc.tuple(...seqs.map(entryAt)), fc.array(mark, { maxLength: seqs.length })))
  .map(([entries, marks]) => ({
    entries,
    marks: new Map(marks.map((one, i) => [entries[i]?.seq ?? 0, one])),
  }))

/** What the house gets to see of it, as bytes. */
const bytes = (one: Block) => Buffer.from(encodeSegment(shared(one))).toString("hex")

test("in whatever order, grouping and number blocks meet, the same comes out", () => {
  fc.assert(
    fc.property(block, block, block, (a, b, c) => {
      const all = bytes(merge(merge(a, b), c))
      expect(bytes(merge(a, merge(b, c)))).toBe(all)
      expect(bytes(merge(merge(c, a), merge(b, a)))).toBe(all)
      expect(bytes(merge(merge(merge(a, b), c), b))).toBe(all)
      expect(bytes(merge(a, a))).toBe(bytes(a))
    }),
    { numRuns: 400 },
  )
})

test("no tombstone is lost, and nothing is said of what is gone", () => {
  fc.assert(
    fc.property(block, block, (a, b) => {
      const out = merge(a, b)
      const gone = [...a.entries, ...b.entries].filter(isTombstone).map((entry) => entry.seq)
      for (const seq of gone) {
        expect(out.entries.find((entry) => entry.seq === seq)?.item.type).toBe("gone")
        expect(shared(out).marks.has(seq)).toBe(false)
      }
      for (const entry of [...a.entries, ...b.entries])
        expect(out.entries.some((one) => one.seq === entry.seq)).toBe(true)
    }),
    { numRuns: 400 },
  )
})

test("devices that keep a block in the house by compare-and-set all end with the same", () => {
  const step = fc.record({ device: fc.nat(2), stale: fc.boolean() })
  fc.assert(
    fc.property(fc.array(block, { minLength: 3, maxLength: 3 }), fc.array(step), (starts, steps) => {
      const devices = starts.map((start) => ({ has: start, seen: 0 }))
      const house = { version: 0, bytes: encodeSegment({ entries: [], marks: new Map() }) }
      const up = (device: (typeof devices)[number]) => {
        if (device.seen < house.version) {
          const kept = decodeSegment(house.bytes, 0)
          if (!kept) throw new Error("a segment of our own does not open")
          device.has = merge(device.has, kept)
          device.seen = house.version
        }
        const next = encodeSegment(shared(device.has))
        if (Buffer.compare(next, house.bytes) === 0) return
        house.bytes = next
        device.seen = ++house.version
      }
      for (const { device } of steps) up(devices[device] as (typeof devices)[number])
      for (const device of [...devices, ...devices]) up(device)
      const { version } = house
      for (const device of devices) up(device)
      // Nobody has anything left to say: they do not fight.
      expect(house.version).toBe(version)
      const all = bytes(starts.reduce(merge))
      for (const { has } of devices) expect(bytes(has)).toBe(all)
    }),
    { numRuns: 200 },
  )
})

test("one's own recalled text stays here, and with nobody else", () => {
  const entry: HistoryEntry = {
    ...{
      seq: 1,
      generation: 0,
      kind: 0,
      device: id(1),
      n: 1,
      time: 1,
      hash: new Uint8Array(32),
      user: id(1),
    },
    item: { type: "gone", why: "recalled" },
  }
  const mine: Block = { entries: [entry], marks: new Map([[1, { again: { text: "secret", until: 9 } }]]) }
  expect(merge(mine, { entries: [entry], marks: new Map() }).marks.get(1)?.again?.text).toBe("secret")
  expect(Buffer.from(encodeSegment(shared(mine))).includes("secret")).toBe(false)
})

test("a segment goes through its bytes unchanged; a cut, swapped or foreign one does not open", async () => {
  const one: Block = {
    entries: [3, 7].map((seq) => ({
      ...{ seq, generation: 0, kind: 0 as const, device: id(seq), n: seq, time: seq, user: id(1) },
      ...{ hash: new Uint8Array(32), item: { type: "content" as const, bytes: Uint8Array.of(seq) } },
    })),
    marks: new Map<number, Mark>([[7, { at: 9, edit: { text: "茶" }, ended: true }]]),
  }
  const facts = {
    card: { name: "茶馆", announcement: "", seq: 4 },
    nicks: { [id(1)]: { name: "Li", seq: 2 } },
  }
  const packed = await deflated(encodeSegment({ ...one, facts }))
  const plain = (await inflated(packed)) as Uint8Array
  expect(decodeSegment(plain, 0)).toEqual({ ...one, facts })
  expect(decodeSegment(plain, 1)).toBeUndefined()
  expect(decodeSegment(plain.subarray(0, -1), 0)).toBeUndefined()
  expect(await inflated(packed.subarray(0, -3))).toBeUndefined()
  expect(await inflated(Uint8Array.of(7, ...packed.subarray(1)))).toBeUndefined()
})

test("what grows without end when it is unpacked is not unpacked", async () => {
  const bomb = await deflated(new Uint8Array(80 * 1024 * 1024))
  expect(bomb.length).toBeLessThan(200_000)
  expect(await inflated(bomb)).toBeUndefined()
})
