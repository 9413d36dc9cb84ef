/**
 * UX 24–26, the rules and nothing else: of what came, what is shown and whether it rings. A person who looks at the page
 * gets the sound alone, and for the chat before their eyes nothing at all.
 */

import type { Id } from "@teahouse/protocol/ids.ts"
import type { Level, NewsItem } from "../view/port/told.ts"

/** More chats than this at once become one line: nobody reads twenty notifications. */
export const MOST = 4

export type Situation = {
  /** Up to where each chat was decided upon. */
  readonly decided: ReadonlyMap<Id, number>
  readonly level: (room: Id) => Level
  /** Whether a tab of this account has the focus, in whatever window, and the chats that are open there. */
  readonly looking: boolean
  readonly open: ReadonlySet<Id>
  readonly quiet: boolean
}

/** One chat's: its newest message, and how many came. */
export type Notice = { readonly item: NewsItem; readonly count: number }

export type Decision = {
  readonly decided: ReadonlyMap<Id, number>
  readonly notices: readonly Notice[]
  /** Set instead of `notices` where these would be too many. */
  readonly many?: { readonly messages: number; readonly chats: number }
  readonly rings: boolean
}

const wanted = (level: Level, item: NewsItem) => level === "all" || (level === "mentions" && item.mentionsMe)

export function decide(items: readonly NewsItem[], situation: Situation): Decision {
  const decided = new Map(situation.decided)
  const fresh: NewsItem[] = []
  for (const item of items) {
    if (item.seq <= (situation.decided.get(item.room) ?? 0)) continue
    decided.set(item.room, Math.max(item.seq, decided.get(item.room) ?? 0))
    if (wanted(situation.level(item.room), item) && !situation.open.has(item.room)) fresh.push(item)
  }
  if (situation.quiet || fresh.length === 0) return { decided, notices: [], rings: false }
  if (situation.looking) return { decided, notices: [], rings: true }
  const byRoom = new Map<Id, Notice>()
  for (const item of fresh) byRoom.set(item.room, { item, count: (byRoom.get(item.room)?.count ?? 0) + 1 })
  const notices = [...byRoom.values()]
  return notices.length > MOST
    ? { decided, notices: [], many: { messages: fresh.length, chats: notices.length }, rings: true }
    : { decided, notices, rings: true }
}
