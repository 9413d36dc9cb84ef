/** History entries as lines of a chat. An entry becomes none, one or several. */

import type { Id } from "@teahouse/protocol/ids.ts"
import type { Content, Of } from "../content/message.ts"
import { cleanName } from "../content/name.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry, Present } from "../history/entry.ts"
import type { Mark, Marks } from "../history/marks.ts"
import type { Home } from "../home.ts"
import { preview, textOf } from "../room/preview.ts"
import { type OutboxItem, type RoomMeta, startOf } from "../room/records.ts"
import type { RoomState } from "../room/state.ts"
import { aheadOf } from "./ahead.ts"
import { waitingDelivery } from "./delivery.ts"
import { foldedAway } from "./folded.ts"
import { lookUp, messageBody, messageItem } from "./message-item.ts"
import { personIn } from "./person-in.ts"
import type { Person } from "./port/basic.ts"
import type { RoomEvent, TimelineItem } from "./port/messages.ts"

/** So many have a line each; of more, so many are named. */
const EACH = 5
const NAMED = 3
/** Characters of what was pinned, in the line that says so. */
const PINNED = 100

/** Whether it is a message that can be read. */
export function isMessage(entry: HistoryEntry): boolean {
  const content = entry.user && contentOf(entry)
  return content ? textOf(content) !== undefined : false
}

export async function itemsOf(
  home: Home,
  state: RoomState,
  stored: HistoryEntry,
  marks: Marks,
  /** What stands so many positions before it in its block. */
  before: (back: number) => HistoryEntry | undefined = () => undefined,
): Promise<TimelineItem[]> {
  const lines = await linesOf(home, state, stored, marks)
  const { given, seq, time: at } = stored
  // Of what shows nothing it is not said either: a device that had lost the keys was given commits and receipts, too.
  if (!given || lines.length === 0) return lines
  // Said once for each block: whoever scrolls through years of it is told again.
  for (let back = 1, above = before(1); above?.given?.user === given.user; above = before(++back))
    if ((await linesOf(home, state, above, marks)).length > 0) return lines
  const event: RoomEvent = { kind: "given", person: personIn(home, state.meta, given.user) }
  return [{ type: "event", key: `given:${seq}`, seq, at, event }, ...lines]
}

async function linesOf(
  home: Home,
  state: RoomState,
  stored: HistoryEntry,
  marks: Marks,
): Promise<TimelineItem[]> {
  const ahead = await aheadOf(home, state)
  const entry = ahead.entries.get(stored.seq) ?? stored
  const { seq, time: at, item, user } = entry
  const mark = ahead.marks.get(seq) ?? marks.get(seq)
  const key = entry.key ?? `${entry.device}:${entry.n}`
  const content = contentOf(entry)
  const shown = content && (await messageItem(home, state, entry, content, mark))
  if (shown) return [shown]
  const events =
    content && user
      ? await contentEvents(home, state, user, content)
      : eventsOf(home, state.meta, entry, mark)
  const many = item.type !== "content"
  // What was asked of it in the meantime; all else that waits is not here yet.
  const waits = item.type === "gone" && ahead.waiting.has(seq) ? { waiting: true as const } : {}
  const undone = item.type === "gone" && ahead.undone.get(seq)
  return events.map((event, i) => ({
    ...{ type: "event", key: many ? `${key}:${i}` : key, seq, at, event },
    ...waits,
    ...(undone ? { undone } : {}),
  }))
}

/** Only changes by somebody who may make them are in the history as contents (room/inbox.ts, room/fold.ts). */
async function contentEvents(
  home: Home,
  state: RoomState,
  user: Id,
  content: Content,
): Promise<readonly RoomEvent[]> {
  const { meta } = state
  const person = personIn(home, meta, user)
  switch (content.kind) {
    case "card":
      return cardEvents(home, meta, user, content)
    case "timer":
      return [{ kind: "timer", person, seconds: content.seconds }]
    case "pin": {
      const { of, on } = content
      const target = await lookUp(home, state, of.seq)
      const said = target?.entry.user
      if (said && target.content && foldedAway(home, meta, said))
        return [{ kind: "pinned", person, on, text: "", blocked: true, of: of.seq }]
      const line = target?.content && preview(target.content, target.mark.edit?.text, PINNED)
      return line ? [{ kind: "pinned", person, on, ...line, of: of.seq }] : []
    }
    default:
      return []
  }
}

function cardEvents(
  home: Home,
  meta: RoomMeta,
  user: Id,
  { what, name, announcement: text }: Of<"card">,
): RoomEvent[] {
  const person = personIn(home, meta, user)
  switch (what) {
    case "created":
      return [{ kind: "created", person, name: cleanName(name) }]
    case "announcement":
      return [{ kind: "announced", person, text }]
    case "picture":
      return [{ kind: "picture", person }]
    default:
      return [{ kind: "renamed", person, name: cleanName(name) }]
  }
}

function eventsOf(home: Home, meta: RoomMeta, { item, user }: HistoryEntry, mark?: Mark): RoomEvent[] {
  const person = (id: Id) => personIn(home, meta, id)
  switch (item.type) {
    case "members":
      return [
        ...together("joined", item.joined, person),
        ...together("new_device", item.newDevice, person),
        ...(item.newIdentity ?? []).map((id) => ({ kind: "new_identity" as const, person: person(id) })),
        ...together("left", item.left, person),
        ...(item.past?.changed && user
          ? [{ kind: "past_rule" as const, person: person(user), days: item.past.days }]
          : []),
      ]
    case "notice":
      if (item.notice === "friends") return meta.peer ? [{ kind: "friends", person: person(meta.peer) }] : []
      if (item.notice === "left") return user ? [{ kind: "left", person: person(user) }] : []
      return [{ kind: item.notice }]
    case "unreadable":
      return user ? [{ kind: "unreadable", person: person(user) }] : []
    case "here":
      if (!item.first) return [{ kind: "rejoined" }]
      return [...beginning(meta), ...presentEvents(item.present, person)]
    case "gone": {
      if (item.why !== "recalled" || !user) return []
      const again = mark?.again
      const text = again && home.clock() < again.until ? { text: again.text } : {}
      return [{ kind: "recalled", person: person(user), mine: user === home.account.user, ...text }]
    }
    default:
      return []
  }
}

function beginning(meta: RoomMeta): RoomEvent[] {
  // Where the house had what was before, the history begins elsewhere.
  if (startOf(meta) >= meta.joined.seq) return [{ kind: "history_from_here" }]
  return meta.gap ? [{ kind: "history_gap", count: meta.gap }] : []
}

/** Who came while none of this person's devices was there. */
function presentEvents(present: Present | undefined, person: (user: Id) => Person): RoomEvent[] {
  if (!present) return []
  const { joined, newDevice, newIdentity, all } = present
  if (all) return [{ kind: "present", people: joined.slice(0, NAMED).map(person), count: joined.length }]
  return [
    ...together("joined", joined, person),
    ...together("new_device", newDevice, person),
    ...newIdentity.map((id) => ({ kind: "new_identity" as const, person: person(id) })),
  ]
}

/** A commit adds up to 128 people, which are more lines than a window has room for: many are one line. */
function together(
  what: Extract<RoomEvent, { kind: "many" }>["what"],
  users: readonly Id[],
  person: (user: Id) => Person,
): RoomEvent[] {
  if (users.length <= EACH) return users.map((user) => ({ kind: what, person: person(user) }))
  return [{ kind: "many", what, people: users.slice(0, NAMED).map(person), count: users.length }]
}

/** What is not in the log yet, in the order it will be sent. */
export async function waitingItems(
  home: Home,
  state: RoomState,
  outbox: readonly OutboxItem[],
): Promise<TimelineItem[]> {
  const items: TimelineItem[] = []
  for (const item of outbox) {
    const body = await messageBody(home, state, item.draft)
    if (!body) continue
    items.push({
      type: "message",
      key: item.key,
      at: item.accepted?.time ?? item.at,
      from: home.people.person(home.account.user),
      mine: true,
      ...body,
      reactions: [],
      may: { edit: false, recall: false, pin: false },
      delivery: waitingDelivery(item),
      ...(item.error ? { error: item.error } : {}),
    })
  }
  return items
}
