/**
 * What a member may give of a room's past to whoever asks, from nothing but what its own devices lived through: it walks back
 * from the newest entry and takes the roster with it. Given is what was said
 *   while the one who asks was on the roster, and
 *   before they came in last, as far as the group's rule at that moment allowed it (`past` of that entry).
 * The walk ends where this device cannot tell any more who was there: at a hole, at what somebody else gave, at a place where
 * it came back after losing the group and does not know who had been there when it lost it. Where it does, the walk goes on below
 * what it could not follow, of which it gives nothing. Rejected: to end there as well. Whoever makes everybody lose the
 * group again and again would keep from those who came back last what the others had said meanwhile.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Range } from "../content/past.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry, HistoryItem } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import { textOf } from "../room/preview.ts"
import type { Blind } from "../room/records.ts"

export const DAY_MS = 86_400_000

export type Entitled = {
  /** The newest first. */
  readonly entries: readonly HistoryEntry[]
  /** There is nothing for them from here down, and this device knows it. */
  readonly closed?: number
}

const blockOf = (seq: number) => Math.floor(seq / SEGMENT)

export async function entitled(
  block: (number: number) => Promise<readonly HistoryEntry[]>,
  end: number,
  { user, open }: { readonly user: Id; readonly open: readonly Range[] },
  now: number,
  max: number,
  blind: readonly Blind[] = [],
): Promise<Entitled> {
  const lowest = Math.min(...open.map(({ from }) => from))
  const entries: HistoryEntry[] = []
  let expected = end
  /** On the roster after the entry at `expected`: who asks is a member. */
  let member = true
  /** Before they came in last: nothing older is for them (ms UTC). */
  let since: number | undefined
  const cameIn = () => {
    // Of an earlier coming the rule of that time says nothing any more.
    since ??= Number.POSITIVE_INFINITY
    member = false
  }
  const passBlind = () => {
    const here = blind.find(({ from, to }) => from <= expected && expected <= to)
    if (!here) return
    if (here.joined.includes(user)) cameIn()
    expected = here.from - 1
    passBlind()
  }
  for (let number = blockOf(end); number >= blockOf(lowest); number--) {
    for (const entry of (await block(number)).toReversed()) {
      passBlind()
      if (entry.seq > expected) continue
      if (entry.seq !== expected || isBarrier(entry) || entries.length >= max) return { entries }
      expected--
      const before = since === undefined ? false : entry.time >= since
      // A person with no part in the past may have been there earlier.
      if (!member && !before && Number.isFinite(since)) return { entries, closed: entry.seq }
      const asked = open.some(({ from, to }) => from <= entry.seq && entry.seq <= to)
      const given = asked && (member || before) ? giveable(entry, now) : undefined
      if (given) entries.push(given)
      const { item } = entry
      if (item.type !== "members") continue
      if (item.left.includes(user)) member = true
      else if (item.joined.includes(user)) {
        if (since === undefined) since = item.past?.days ? entry.time - item.past.days * DAY_MS : undefined
        cameIn()
      }
    }
    passBlind()
    if (expected >= number * SEGMENT && expected >= lowest) return { entries }
  }
  return { entries }
}

/** Who was there before it cannot be told. */
const isBarrier = ({ given, item, kind, user }: HistoryEntry): boolean =>
  given !== undefined ||
  (item.type === "here" && !item.first) ||
  // A commit that this device could not follow.
  (kind === 1 && item.type === "nothing" && !user)

/** undefined: this device has not got it. What is gone is gone for everybody. */
export function giveable(entry: HistoryEntry, now: number): HistoryEntry | undefined {
  const { key: _, ...said } = entry
  switch (entry.item.type) {
    case "here":
      return { ...said, item: { type: "nothing" } }
    case "unreadable":
      return undefined
    case "gone":
      return entry.item.why === "recalled" || entry.item.why === "expired" ? said : undefined
    case "content":
      return { ...said, item: itemOf(entry, now) }
    default:
      return said
  }
}

function itemOf(entry: HistoryEntry, now: number): HistoryItem {
  const content = contentOf(entry)
  if (!content) return { type: "nothing" }
  if ("expires" in content && content.expires !== undefined && entry.time + content.expires * 1000 <= now)
    return { type: "gone", why: "expired" }
  // Keys of profiles and links are for who was told of them.
  const shown = textOf(content) !== undefined || content.kind === "timer" || content.kind === "pin"
  return shown ? entry.item : { type: "nothing" }
}
