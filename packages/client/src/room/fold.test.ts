/** The rules of room/fold.ts, and that the sizes in which entries come change nothing. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Role } from "@teahouse/protocol/policy.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { type Draft, decodeContent, encodeContent } from "../content/message.ts"
import type { HistoryEntry } from "../history/entry.ts"
import type { Mark } from "../history/marks.ts"
import { createFold } from "./fold.ts"
import type { RoomMeta } from "./records.ts"

const id = (n: number) => `${"A".repeat(20)}${String.fromCharCode(65 + n)}A` as Id
const [lan, bo, eve] = [id(0), id(1), id(2)]
const hash = new Uint8Array(32)

const fresh: RoomMeta = {
  room: id(9),
  kind: "group",
  standing: "open",
  incarnation: 1,
  generation: 0,
  seq: 0,
  hash,
  joined: { seq: 0, hash },
  n: 0,
  users: [lan, bo, eve],
  at: 0,
  read: 0,
  unread: 0,
  draft: "",
  owesUpdate: false,
  lost: false,
}

type Said = { readonly user: Id; readonly draft: Draft; readonly time: number; readonly role?: Role }

/** Takes what was said in batches of these sizes, as the inbox does. `lan` is who looks. */
async function room(said: readonly Said[], sizes: readonly number[] = [], start: Partial<RoomMeta> = {}) {
  const stored: HistoryEntry[] = []
  const marks = new Map<number, Mark>()
  let meta: RoomMeta = { ...fresh, ...start }
  let at = 0
  for (let turn = 0; at < said.length; turn++) {
    const batch: HistoryEntry[] = []
    const anew = new Map<number, HistoryEntry>()
    const first = at + 1
    const fold = createFold({
      me: lan,
      blocked: () => false,
      mark: async (seq) => marks.get(seq),
      entry: async (seq) => (seq >= first ? batch[seq - first] : (anew.get(seq) ?? stored[seq - 1])),
      replace(entry) {
        if (entry.seq >= first) batch[entry.seq - first] = entry
        else anew.set(entry.seq, entry)
      },
    })
    for (const { user, draft, time, role = "member" } of said.slice(
      at,
      at + (sizes[turn % sizes.length] ?? 1),
    )) {
      const seq = ++at
      const bytes = encodeContent(draft, { seq: 0, hash })
      const content = decodeContent(bytes)
      const folded = content && (await fold.take(meta, content, { user, role, seq, time }))
      meta = { ...(folded?.meta ?? meta), seq }
      const item = folded?.keep ? ({ type: "content", bytes } as const) : ({ type: "nothing" } as const)
      batch.push({ seq, generation: 0, kind: 0, device: user, n: seq, time, hash, user, item })
    }
    for (const entry of anew.values()) stored[entry.seq - 1] = entry
    for (const [seq, mark] of fold.marks) marks.set(seq, mark)
    stored.push(...batch)
  }
  return { meta, marks, items: stored.map((entry) => entry.item) }
}

const of = (seq: number) => ({ seq, n: seq })
const text = (user: Id, said: string, time = 0): Said => ({ user, time, draft: { kind: "text", text: said } })
const by = (user: Id, draft: Draft, time = 0, role: Role = "member"): Said => ({ user, draft, time, role })

const contents = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text: fc.constantFrom("tea", "茶", "水") }),
  fc.record({ kind: fc.constant("edit" as const), of: targets(), text: fc.constantFrom("new", "改") }),
  fc.record({ kind: fc.constant("recall" as const), of: targets() }),
  fc.record({
    kind: fc.constant("reaction" as const),
    of: targets(),
    emoji: fc.constantFrom("👍", "🍵", "not one"),
    on: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("pin" as const), of: targets(), on: fc.boolean() }),
  fc.record({
    kind: fc.constant("poll" as const),
    question: fc.constant("?"),
    options: fc.constant(["a", "b", "c"]),
    multiple: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("vote" as const),
    of: targets(),
    choices: fc.array(fc.nat(3), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant("pollEnd" as const), of: targets() }),
  fc.record({ kind: fc.constant("timer" as const), seconds: fc.constantFrom(0, 60) }),
  fc.record({ kind: fc.constant("receipt" as const), delivered: fc.nat(50), read: fc.nat(50) }),
) as fc.Arbitrary<Draft>
function targets() {
  return fc.record({ seq: fc.nat(30), n: fc.constant(0) }).map(({ seq }) => of(seq))
}
const logs = fc
  .array(
    fc.record({
      user: fc.constantFrom(lan, bo, eve),
      role: fc.constantFrom<Role>("member", "admin"),
      draft: contents,
      later: fc.constantFrom(0, 0, 1_000, 200_000),
    }),
    { maxLength: 40 },
  )
  .map((all) => {
    let time = 0
    return all.map(({ later, ...rest }) => {
      time += later
      return { ...rest, time }
    })
  })

test("whatever the sizes in which a log comes, the marks are the same", async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (log, sizes) => {
      const [one, many] = [await room(log), await room(log, sizes)]
      expect(many.meta).toEqual(one.meta)
      expect(many.marks).toEqual(one.marks)
      expect(many.items).toEqual(one.items)
    }),
    { numRuns: 200 },
  )
})

test("nobody but its sender edits or recalls a message, and not for ever", async () => {
  const { marks, items } = await room([
    text(bo, "one"),
    by(eve, { kind: "edit", of: of(1), text: "eve's" }),
    by(eve, { kind: "recall", of: of(1) }),
    by(bo, { kind: "edit", of: of(1), text: "two" }, 86_400_000),
    by(bo, { kind: "edit", of: of(1), text: "three" }, 86_400_001),
    by(bo, { kind: "recall", of: of(1) }, 86_400_001),
    by(bo, { kind: "edit", of: { seq: 1, n: 2 }, text: "another entry's" }),
    by(bo, { kind: "edit", of: of(99), text: "of the future" }),
  ])
  expect(marks.get(1)).toEqual({ at: 4, edit: { text: "two" } })
  expect(items.map((item) => item.type)).toEqual([
    "content",
    "nothing",
    "nothing",
    "content",
    "nothing",
    "nothing",
    "nothing",
    "nothing",
  ])
})

test("a recall takes text, edits and reactions with it, and nothing comes back", async () => {
  const { marks, items, meta } = await room(
    [
      text(lan, "secret"),
      by(lan, { kind: "edit", of: of(1), text: "secret too" }),
      by(bo, { kind: "reaction", of: of(1), emoji: "👍", on: true }),
      by(lan, { kind: "pin", of: of(1), on: true }, 0, "owner"),
      by(lan, { kind: "recall", of: of(1) }, 1_000),
      by(lan, { kind: "edit", of: of(1), text: "again" }, 2_000),
      by(bo, { kind: "reaction", of: of(1), emoji: "🍵", on: true }, 2_000),
    ],
    [3],
  )
  expect(items[0]).toEqual({ type: "gone", why: "recalled" })
  expect(marks.get(1)).toEqual({ again: { text: "secret too", until: 301_000 } })
  expect(meta.pins).toEqual([])
})

test("one reaction of each emoji a person, emoji only", async () => {
  const react = (user: Id, emoji: string, on = true) => by(user, { kind: "reaction", of: of(1), emoji, on })
  const { marks } = await room([
    text(bo, "one"),
    react(lan, "👍"),
    react(lan, "👍"),
    react(bo, "👍"),
    react(eve, "👨‍👩‍👧‍👦"),
    react(eve, "👍👍"),
    react(eve, "a"),
    react(eve, "7"),
    react(bo, "👍", false),
    react(bo, "🍵", false),
  ])
  expect(marks.get(1)?.reactions).toEqual([
    { emoji: "👍", users: [lan] },
    { emoji: "👨‍👩‍👧‍👦", users: [eve] },
  ])
})

test("votes: one a person, in range, as many as the poll takes, and none after its end", async () => {
  const vote = (user: Id, ...choices: number[]) => by(user, { kind: "vote", of: of(1), choices })
  const poll: Draft = { kind: "poll", question: "?", options: ["a", "b"], multiple: false }
  const { marks } = await room([
    by(bo, poll),
    vote(lan, 0),
    vote(lan, 1),
    vote(eve, 0, 1),
    vote(eve, 2),
    vote(bo, 0),
    vote(bo),
    by(eve, { kind: "pollEnd", of: of(1) }),
    vote(eve, 0),
    by(bo, { kind: "pollEnd", of: of(1) }),
    vote(eve, 1),
  ])
  expect(marks.get(1)).toEqual({
    at: 10,
    votes: [
      { user: lan, choices: [1] },
      { user: eve, choices: [0] },
    ],
    ended: true,
  })
})

test("in a group only those with a role pin and set the timer; in a private room both people do", async () => {
  const said = [
    text(bo, "one"),
    by(bo, { kind: "pin", of: of(1), on: true }),
    by(bo, { kind: "timer", seconds: 60 }),
  ]
  const group = await room(said)
  expect([group.meta.pins, group.meta.timer]).toEqual([undefined, undefined])
  const direct = await room(said, [], { kind: "direct", users: [lan, bo] })
  expect([direct.meta.pins, direct.meta.timer]).toEqual([[1], 60])
})

test("receipts only rise, and nobody has read what was not said yet", async () => {
  const { meta } = await room([
    text(lan, "one"),
    text(lan, "two"),
    by(bo, { kind: "receipt", delivered: 2, read: 1 }),
    by(eve, { kind: "receipt", delivered: 1_000, read: 1_000 }),
    by(bo, { kind: "receipt", delivered: 1 }),
    by(id(7), { kind: "receipt", delivered: 1 }),
  ])
  const said = new Map(meta.receipts?.map(({ user, ...rest }) => [user, rest]))
  expect(said.get(bo)).toEqual({ delivered: 2, read: 1 })
  expect(said.get(eve)).toEqual({ delivered: 3, read: 3 })
  expect(said.has(id(7))).toBe(false)
})

test("what a restored house had lost is done again late, where it was in time when the backup was taken", async () => {
  const day = 86_400_000
  const life = { life: { incarnation: 2, kept: 2 } }
  // The message, the last thing that was kept a minute later, and what comes a day after that.
  const log = (draft: Draft, kept = 60_000) => [
    text(bo, "a slip"),
    text(eve, "on", kept),
    by(bo, draft, 2 * day),
  ]
  const again = (kind: "edit" | "recall", was?: number): Draft => {
    const common = { of: of(1), ...(was === undefined ? {} : { was }) }
    return kind === "edit" ? { kind, text: "right", ...common } : { kind, ...common }
  }
  const recalled = async (...[said, start]: [readonly Said[], Partial<RoomMeta>?]) =>
    (await room(said, [], start)).items[0]?.type === "gone"
  const edited = async (...[said, start]: [readonly Said[], Partial<RoomMeta>?]) =>
    (await room(said, [], start)).marks.get(1)?.edit?.text === "right"
  expect(await recalled(log(again("recall", 9)), life)).toBe(true)
  expect(await edited(log(again("edit", 9)), life)).toBe(true)
  // Nothing was lost; it is not said to have been done before; it would have been too late then; what was done it to came afterwards.
  expect(await recalled(log(again("recall", 9)))).toBe(false)
  expect(await recalled(log(again("recall")), life)).toBe(false)
  expect(await recalled(log(again("recall", 9), 10 * 60_000), life)).toBe(false)
  expect(await edited(log(again("edit", 9), day + 60_000), life)).toBe(false)
  expect(await recalled(log(again("recall", 9)), { life: { incarnation: 2, kept: 0 } })).toBe(false)
})
