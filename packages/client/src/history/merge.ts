/**
 * What two devices of an account kept of the same positions, made one. Per position absent < present < tombstone
 * (SECURITY "History and notebook"), so it is a join: in whatever order, and how often, blocks meet, the same comes out, and
 * what was recalled, deleted or over stays gone. What other people gave (past/) fills in where no own device was. What was
 * done to a message is as new as the last act that counted there.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import type { HistoryEntry } from "./entry.ts"
import type { Mark, Marks } from "./marks.ts"

export type Block = { readonly entries: readonly HistoryEntry[]; readonly marks: Marks }

/** How much an entry says. Below 2 it is what one device lived through, which no other has to know. */
function rank({ item }: HistoryEntry): number {
  switch (item.type) {
    case "here":
    case "unreadable":
      return 0
    case "nothing":
      return 2
    case "content":
    case "members":
    case "notice":
      return 3
    case "gone":
      return { emptied: 1, repeated: 4, expired: 5, recalled: 6, deleted: 7 }[item.why]
  }
}

/** Whether other devices are to have it. */
const isShared = (entry: HistoryEntry): boolean => rank(entry) >= 2
export const isTombstone = (entry: HistoryEntry): boolean => rank(entry) > 3

/** What an item says, as a text: the same for the same, and in an order of its own where two devices differ. */
function wordOf({ item }: HistoryEntry): string {
  switch (item.type) {
    case "content":
      return toBase64url(item.bytes)
    case "members":
      // The last one only where it is there: the order among the others stays what it was before it existed.
      return [item.joined, item.left, item.newDevice, ...(item.newIdentity ? [item.newIdentity] : [])]
        .map((users) => users.join())
        .join(";")
    case "notice":
      return item.notice
    default:
      return item.type
  }
}

/** What one's own devices lived through outranks whatever was given; of what was given the earlier answer counts. */
const standing = (entry: HistoryEntry): number => {
  const own = rank(entry)
  return entry.given ? own + 10 : own < 2 ? own : own + 20
}

function joined(mine: HistoryEntry, theirs: HistoryEntry): HistoryEntry {
  const higher = standing(theirs) - standing(mine) || (mine.given?.at ?? 0) - (theirs.given?.at ?? 0)
  const taken = higher > 0 || (higher === 0 && wordOf(theirs) > wordOf(mine))
  const [winner, other] = taken ? [theirs, mine] : [mine, theirs]
  const named = other.given ? undefined : other.user
  if (!taken && (mine.user || !named)) return mine
  const { key: _, ...said } = winner
  const user = winner.user ?? named
  // The name under which a view shows it stays.
  return { ...said, ...(user ? { user } : {}), ...(mine.key === undefined ? {} : { key: mine.key }) }
}

const markWord = ({ edit, reactions, votes, ended }: Mark): string =>
  JSON.stringify([edit, reactions, votes, ended])
function newer(mine: Mark, theirs: Mark): Mark {
  const later = (theirs.at ?? 0) - (mine.at ?? 0)
  return later > 0 || (later === 0 && markWord(theirs) > markWord(mine)) ? theirs : mine
}

/** In the order of positions. What stays as it was is the same object as in `mine`. */
export function merge(mine: Block, theirs: Block): Block {
  const entries = new Map(mine.entries.map((entry) => [entry.seq, entry]))
  for (const entry of theirs.entries) {
    const known = entries.get(entry.seq)
    entries.set(entry.seq, known ? joined(known, entry) : entry)
  }
  const marks = new Map<number, Mark>()
  for (const [seq, entry] of entries) {
    const [own, other] = [mine.marks.get(seq), theirs.marks.get(seq)]
    // Of what is gone only one's own text is left, until it may no longer be written anew.
    const gone = own && { ...(own.again ? { again: own.again } : {}) }
    const mark = isTombstone(entry) ? gone : own && other ? newer(own, other) : (own ?? other)
    if (mark) marks.set(seq, mark)
  }
  return { entries: [...entries.values()].sort((a, b) => a.seq - b.seq), marks }
}

/** What other devices get of it. A recalled text is nobody's but this device's, where it may be written anew for a while. */
export function shared({ entries, marks }: Block): Block {
  const out = entries.filter(isShared).map(({ key: _, ...entry }) => entry)
  const live = new Set(out.filter((entry) => !isTombstone(entry)).map((entry) => entry.seq))
  const said = [...marks].flatMap(([seq, { again: _, ...mark }]) =>
    live.has(seq) && Object.keys(mark).length > 0 ? [[seq, mark] as const] : [],
  )
  return { entries: out, marks: new Map(said.sort(([a], [b]) => a - b)) }
}
