/**
 * A block that the house kept for this account becomes part of a room's history here (safekeeping.ts brings it). Under the
 * room's lock, in one write: what was said, what was done to it, the acts that waited for it, and what the list shows.
 */
import { decodeContent } from "../content/message.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { expiryWrites } from "../history/expiring.ts"
import { isMissing } from "../history/holes.ts"
import type { Facts, Kept } from "../history/kept.ts"
import { type LateAct, latePrefix } from "../history/late.ts"
import type { Mark } from "../history/marks.ts"
import { type Block, merge } from "../history/merge.ts"
import { unsafeWrites } from "../history/unsafe.ts"
import type { SealedWrite } from "../store/sealed.ts"
import type { RoomCore } from "./core.ts"
import { createFold } from "./fold.ts"
import { preview } from "./preview.ts"
import { type RoomMeta, startOf } from "./records.ts"

/** Loaded where a house was restored. */
const behind = () => import("./step-back.ts")

export type Place = { readonly incarnation: number; readonly number: number }

/** `also` is written with it. */
export async function restore(
  core: RoomCore,
  { incarnation, number }: Place,
  kept: Kept,
  also: readonly SealedWrite[],
): Promise<void> {
  const { room, parts } = core
  const { history, marks, store } = parts
  const before: Block = {
    entries: await history.block(room, incarnation, number),
    marks: await marks.block(room, incarnation, number),
  }
  let { meta } = core.state()
  const merged = merge(before, asFarAsHere(meta, incarnation, kept))
  const entries = new Map(merged.entries.map((entry) => [entry.seq, entry]))
  const done = new Map<number, Mark>(merged.marks)

  const waiting = await store.range<LateAct>(latePrefix(room, incarnation, number))
  const fold = createFold({
    me: parts.me.user,
    mark: async (seq) => done.get(seq),
    blocked: parts.blocked,
    entry: async (seq) => entries.get(seq),
    replace: (entry) => void entries.set(entry.seq, entry),
  })
  meta = withFacts(meta, kept.facts, incarnation)
  const early = new Set<string>()
  for (const { key, value } of waiting) {
    const content = decodeContent(value.bytes)
    // What it is about may be in another part of the block.
    if (content && "of" in content && typeof content.of === "object" && !entries.has(content.of.seq)) {
      early.add(key)
      continue
    }
    if (content) meta = (await fold.take(meta, content, value.by)).meta
  }
  for (const [seq, mark] of fold.marks) done.set(seq, mark)

  const all = [...entries.values()].sort((a, b) => a.seq - b.seq)
  const changed = new Map([...done].filter(([seq, mark]) => before.marks.get(seq) !== mark))
  if (incarnation === meta.incarnation) meta = withLines(meta, all, done)
  else meta = (await behind()).withBehind(meta, incarnation, all)
  const repeats =
    incarnation === meta.incarnation && meta.behind
      ? await (await behind()).repeatedIn(core, all, before.entries)
      : undefined
  const writes = [
    ...(await history.replace(room, incarnation, number, all)),
    ...marks.writes(room, incarnation, changed),
    ...expiryWrites(room, incarnation, expiring(all, before.entries)),
    ...waiting.flatMap(({ key }) => (early.has(key) ? [] : [{ drop: key }])),
    ...(repeats?.writes ?? []),
    ...also,
  ]
  await core.save({ ...core.state(), meta }, writes, undefined, () => {
    history.replaced(room, incarnation, number, all)
    marks.wrote(room, incarnation, changed)
    repeats?.remember()
  })
  parts.onExpiring()
}

/**
 * Another device of this account may have read further: what is beyond the cursor comes out of the log. Kept here before that, it
 * would be there twice, and after a restart the cursor would stand behind messages whose keys were never used.
 */
function asFarAsHere(meta: RoomMeta, incarnation: number, kept: Kept): Block {
  if (incarnation !== meta.incarnation) return kept
  const here = (seq: number) => seq <= meta.seq
  return {
    entries: kept.entries.filter(({ seq }) => here(seq)),
    marks: new Map([...kept.marks].filter(([seq]) => here(seq))),
  }
}

/** Entries that somebody gave. Whatever a device of this account was there for is as it is. */
export async function fill(core: RoomCore, { incarnation, number }: Place, given: Block): Promise<void> {
  const { room, parts } = core
  if (incarnation !== core.state().meta.incarnation) return
  const known = new Map((await parts.history.block(room, incarnation, number)).map((one) => [one.seq, one]))
  const free = (seq: number) => isMissing(known.get(seq)) || known.get(seq)?.given !== undefined
  const entries = given.entries.filter(({ seq }) => free(seq))
  if (entries.length === 0) return
  const marks = new Map([...given.marks].filter(([seq]) => entries.some((one) => one.seq === seq)))
  await restore(core, { incarnation, number }, { entries, marks }, unsafeWrites(room, incarnation, [number]))
}

/** A device that has just come in knows neither name nor pins; one that knows them has the newer ones from the log. */
function withFacts(meta: RoomMeta, facts: Facts | undefined, incarnation: number): RoomMeta {
  if (!facts || incarnation !== meta.incarnation) return meta
  const newer = facts.card && facts.card.seq > (meta.card?.seq ?? 0)
  const nicks = { ...facts.nicks }
  for (const [user, nick] of Object.entries(meta.nicks ?? {}) as [
    keyof typeof nicks,
    (typeof nicks)[never],
  ][])
    if (nick.seq >= (nicks[user]?.seq ?? 0)) nicks[user] = nick
  return {
    ...meta,
    ...(newer ? { card: facts.card } : {}),
    ...(facts.nicks ? { nicks } : {}),
    ...(facts.pins && !meta.pins ? { pins: facts.pins } : {}),
    ...(facts.timer !== undefined && meta.timer === undefined ? { timer: facts.timer } : {}),
  }
}

/** From where on there is history, and the newest line for the list. */
function withLines(meta: RoomMeta, all: readonly HistoryEntry[], marks: ReadonlyMap<number, Mark>): RoomMeta {
  const first = all[0]?.seq
  const from = first === undefined || first >= startOf(meta) ? meta.from : first
  const before = all.findLast((entry) => entry.seq < meta.joined.seq)
  // Once it was asked for, what is missing inside of it is counted (past/past.ts).
  const gap = meta.wanted
    ? meta.gap
    : before && Math.min(meta.gap ?? Number.MAX_SAFE_INTEGER, meta.joined.seq - 1 - before.seq)
  const next: RoomMeta = {
    ...meta,
    ...(from === undefined ? {} : { from }),
    ...(gap === undefined ? {} : { gap }),
  }
  const newest = all.findLast((entry) => entry.user && lineIn(entry, marks))
  const line = newest && lineIn(newest, marks)
  if (!newest?.user || !line || newest.seq <= (meta.last?.seq ?? 0)) return next
  // A chat that is opened for the first time on a device is as old as its newest message.
  const at = meta.last ? (newest.given ? Math.max(meta.at, newest.time) : meta.at) : newest.time
  return {
    ...next,
    at,
    last: { ...line, user: newest.user, at: newest.time, seq: newest.seq },
  }
}

function lineIn(entry: HistoryEntry, marks: ReadonlyMap<number, Mark>) {
  const content = contentOf(entry)
  return content && preview(content, marks.get(entry.seq)?.edit?.text)
}

function expiring(all: readonly HistoryEntry[], before: readonly HistoryEntry[]) {
  const known = new Set(before.map((entry) => entry.seq))
  return all.flatMap((entry) => {
    const content = known.has(entry.seq) ? undefined : contentOf(entry)
    return content && "expires" in content && content.expires !== undefined
      ? [{ seq: entry.seq, at: entry.time + content.expires * 1000 }]
      : []
  })
}
