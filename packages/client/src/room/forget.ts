/**
 * Messages that go from this device although they stand in the log: their time is over, or the person wants them away. The
 * bytes go, a tombstone stays, and whatever named them (the list, pins, unread) is as if they had not been there.
 */
import { contentOf } from "../history/content-of.ts"
import type { Gone, HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import { letGoWrites } from "../history/let-go.ts"
import type { Mark } from "../history/marks.ts"
import type { RoomCore } from "./core.ts"
import { without } from "./fold.ts"
import { preview, textOf } from "./preview.ts"
import { type RoomMeta, startOf } from "./records.ts"
import { isSilent } from "./unread.ts"

const blockOf = (seq: number) => Math.floor(seq / SEGMENT)

const textIn = (entry: HistoryEntry): string | undefined => {
  const content = contentOf(entry)
  return content && textOf(content)
}

/** Under the room's lock. False where nothing of it was here. */
export async function forget(
  core: RoomCore,
  seqs: readonly number[],
  why: Extract<Gone, "expired" | "deleted">,
  /** Of what a restored house had lost: nothing else names it. */
  life?: number,
): Promise<boolean> {
  const { room, parts } = core
  const { history, marks } = parts
  let { meta } = core.state()
  const incarnation = life ?? meta.incarnation
  const anew: HistoryEntry[] = []
  for (const seq of new Set(seqs)) {
    const block = await history.block(room, incarnation, blockOf(seq))
    const entry = block.find((one) => one.seq === seq)
    if (!entry) continue
    const shown = textIn(entry) !== undefined
    const recalled = entry.item.type === "gone" && entry.item.why === "recalled"
    if (!shown && !(recalled && why === "deleted")) continue
    anew.push({ ...entry, item: { type: "gone", why } })
    if (life !== undefined) continue
    const counted = shown && !(entry.user && isSilent(parts.blocked, meta.kind, entry.user))
    meta = without(meta, entry, parts.me.user, counted, false)
  }
  if (anew.length === 0) return false
  const gone = new Set(anew.map((entry) => entry.seq))
  if (!meta.last) meta = { ...meta, ...(await lastBefore(core, meta, gone)) }
  const own = anew.flatMap((entry) => (entry.user === parts.me.user ? [entry.seq] : []))
  const ask = why === "expired" && life === undefined ? letGoWrites(room, own, "expire") : []
  const none = new Map<number, Mark>([...gone].map((seq) => [seq, {}]))
  const writes = await history.add(room, incarnation, [], anew)
  await core.save(
    { ...core.state(), meta },
    [...writes, ...ask, ...marks.writes(room, incarnation, none)],
    undefined,
    () => {
      history.added(room, incarnation, [], anew)
      marks.wrote(room, incarnation, none)
    },
  )
  if (ask.length > 0) parts.onLetGo()
  return true
}

/** The newest message that is left, for the list. Time stays: a chat does not fall in the list because it was tidied. */
async function lastBefore(
  { room, parts }: RoomCore,
  meta: RoomMeta,
  gone: ReadonlySet<number>,
): Promise<Pick<RoomMeta, "last">> {
  const { incarnation } = meta
  for (let number = blockOf(meta.seq); number >= blockOf(startOf(meta)); number--) {
    const block = await parts.history.block(room, incarnation, number)
    const marks = await parts.marks.block(room, incarnation, number)
    const entry = block.findLast((one) => !gone.has(one.seq) && one.user && textIn(one) !== undefined)
    if (!entry?.user) continue
    const content = contentOf(entry)
    const line = content && preview(content, marks.get(entry.seq)?.edit?.text)
    if (line) return { last: { ...line, user: entry.user, at: entry.time, seq: entry.seq } }
  }
  return {}
}
