/**
 * Lets old messages of a room go: their bytes, and nothing else. An entry keeps its place and its hash, so the chain holds; commits and
 * notices stay, since who comes back has to follow them; files stay, since histories speak of them, until their messages disappear
 * (blob/writes/empty.ts). In the log's order, a step at a time, and no further than to the first message that some member's account
 * does not have in its history: of what is sealed the house takes the word of the device that wrote it (protocol/http/history.ts,
 * `whole`).
 */
import { entryKinds } from "@teahouse/protocol/entry.ts"
import type { Refusal } from "@teahouse/protocol/error.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../../db/schema.ts"
import { SEGMENT, unpackStretches } from "../../history/stretches.ts"
import { membership } from "../log.ts"

export type RetainArgs = {
  readonly room: Uint8Array
  /** Only what is older (ms UTC). */
  readonly before: number
}
export type Retained = { readonly emptied: number; readonly more: boolean }

/** So that messages do not wait behind a long clean-up. */
const STEP = 200

export async function retain(db: WriteDb, { room, before }: RetainArgs): Promise<Result<Retained, Refusal>> {
  const mark = await db
    .selectFrom("room_retained")
    .select("seq")
    .where("room_id", "=", room)
    .executeTakeFirst()
  const entries = await db
    .selectFrom("entry")
    .select(["seq", "kind", "time", "body", "incarnation"])
    .where("room_id", "=", room)
    .where("seq", ">", mark?.seq ?? 0)
    .orderBy("seq")
    .limit(STEP)
    .execute()
  const end = entries.findIndex(({ time }) => time >= before)
  const old = end < 0 ? entries : entries.slice(0, end)
  const [first, last] = [old[0]?.seq ?? 0, old.at(-1)?.seq ?? 0]
  if (first === 0) return ok({ emptied: 0, more: false })
  const begun = await db
    .selectFrom("entry")
    .select("incarnation")
    .where("room_id", "=", room)
    .where("seq", "=", 1)
    .executeTakeFirst()
  if (!begun) return ok({ emptied: 0, more: false })
  const held = await holders(db, { room, first, last, ...begun })
  let [at, emptied] = [mark?.seq ?? 0, 0]
  for (const { seq, kind, body, incarnation } of old) {
    if (kind === entryKinds.message && body !== null) {
      // After a restored backup there may be devices whose histories have what stood here before: then nothing is sure.
      if (incarnation !== begun.incarnation || !held(seq)) break
      await db
        .updateTable("entry")
        .set({ body: null, body_hash: sha256(body) })
        .where("room_id", "=", room)
        .where("seq", "=", seq)
        .execute()
      emptied++
    }
    at = seq
  }
  if (at > (mark?.seq ?? 0)) {
    if (mark) await db.updateTable("room_retained").set({ seq: at }).where("room_id", "=", room).execute()
    else await db.insertInto("room_retained").values({ room_id: room, seq: at }).execute()
  }
  return ok({ emptied, more: at === last && old.length === STEP })
}

type Stretch = {
  readonly room: Uint8Array
  readonly first: number
  readonly last: number
  /** In which the room began: by it histories name its positions. Other numbers have positions of their own. */
  readonly incarnation: number
}

/** Whether the account of every member that was allowed to read a position has it. */
async function holders(
  db: WriteDb,
  { room, first, last, incarnation }: Stretch,
): Promise<(seq: number) => boolean> {
  const rows = await db
    .selectFrom("room_device")
    .select(["user_id", "member", "since", "until"])
    .where("room_id", "=", room)
    .execute()
  const members = new Set(
    rows.filter((row) => row.member !== membership.gone).map((row) => nameOf(row.user_id)),
  )
  const present = rows.filter((row) => members.has(nameOf(row.user_id)))
  const spans = spansOf(
    present.map(({ user_id, member, since, until }) => ({
      user: nameOf(user_id),
      from: since,
      to: member === membership.member ? Number.POSITIVE_INFINITY : until,
    })),
  )
  const segments = await db
    .selectFrom("history_segment")
    .select(["user_id", "segment", "whole_from", "whole_to", "whole_again"])
    .where("room_id", "=", room)
    .where("incarnation", "=", incarnation)
    .where("segment", ">=", Math.floor(first / SEGMENT))
    .where("segment", "<=", Math.floor(last / SEGMENT))
    .where("bytes", ">", 0)
    .execute()
  const messages = await db
    .selectFrom("entry")
    .select("seq")
    .where("room_id", "=", room)
    .where("kind", "=", entryKinds.message)
    .where("seq", ">=", Math.floor(first / SEGMENT) * SEGMENT)
    .where("seq", "<=", last)
    .orderBy("seq")
    .execute()
  // Commits before the first message are nobody's to keep: whoever made the room has not lived through them.
  const begins = (from: number) => messages.find(({ seq }) => seq >= from)?.seq ?? 0
  /** Of each span and block, up to where its account has everything. Rooms have a thousand members, so it is looked up. */
  const reach = new Map<string, number>()
  const blockOf = (span: Span, segment: number) => `${span.user} ${span.from} ${segment}`
  const spansBy = Map.groupBy(spans, ({ user }) => user)
  for (const { user_id, segment, whole_from, whole_to, whole_again } of segments) {
    const stretches = [{ from: whole_from, to: whole_to }, ...unpackStretches(segment, whole_again)]
    for (const span of spansBy.get(nameOf(user_id)) ?? []) {
      const key = blockOf(span, segment)
      for (const { from, to } of stretches)
        if (from > 0 && from <= begins(Math.max(span.from, segment * SEGMENT)))
          reach.set(key, Math.max(to, reach.get(key) ?? 0))
    }
  }
  return (seq) => {
    const segment = Math.floor(seq / SEGMENT)
    return spans.every(
      (span) => seq < span.from || seq > span.to || (reach.get(blockOf(span, segment)) ?? 0) >= seq,
    )
  }
}

type Span = { readonly user: string; readonly from: number; readonly to: number }

/** What each account may or might read, on whichever device, also one that is gone: somebody who left and came back has two. */
function spansOf(devices: readonly Span[]): Span[] {
  const all: Span[] = []
  for (const next of devices.toSorted((a, b) =>
    a.user === b.user ? a.from - b.from : a.user < b.user ? -1 : 1,
  )) {
    const last = all.at(-1)
    if (last?.user === next.user && next.from <= last.to)
      all[all.length - 1] = { ...last, to: Math.max(last.to, next.to) }
    else all.push(next)
  }
  return all
}

const nameOf = (id: Uint8Array): string => Buffer.from(id).toString("hex")
