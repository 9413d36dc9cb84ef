/** History entries as lines of a chat. An entry becomes none, one or several. */
import { decodeContent } from "../content/message.ts"
import type { HistoryEntry } from "../history/entry.ts"
import type { Home } from "../home.ts"
import { textOf } from "../room/preview.ts"
import type { OutboxItem, RoomMeta } from "../room/records.ts"
import type { RoomEvent, TimelineItem } from "./port.ts"
import { deliveryOf } from "./room-list.ts"

export function itemsOf(home: Home, meta: RoomMeta, entry: HistoryEntry): TimelineItem[] {
  const key = entry.key ?? `${entry.device}:${entry.n}`
  const { seq, time: at, item } = entry
  if (item.type === "content") {
    const content = decodeContent(item.bytes)
    const text = content && textOf(content)
    if (text === undefined || !entry.user) return []
    const mine = entry.user === home.account.user
    const from = home.people.person(entry.user)
    return [
      { type: "message", key, seq, at, from, mine, text, ...(mine ? { delivery: "sent" as const } : {}) },
    ]
  }
  return eventsOf(home, meta, entry).map((event, i) => ({
    type: "event",
    key: `${key}:${i}`,
    seq,
    at,
    event,
  }))
}

function eventsOf(home: Home, meta: RoomMeta, { item, user }: HistoryEntry): RoomEvent[] {
  const person = (id: Parameters<typeof home.people.person>[0]) => home.people.person(id)
  switch (item.type) {
    case "members":
      return [
        ...item.joined.map((id) => ({ kind: "joined" as const, person: person(id) })),
        ...item.newDevice.map((id) => ({ kind: "new_device" as const, person: person(id) })),
        ...item.left.map((id) => ({ kind: "left" as const, person: person(id) })),
      ]
    case "notice":
      if (item.notice === "friends") return meta.peer ? [{ kind: "friends", person: person(meta.peer) }] : []
      if (item.notice === "left") return user ? [{ kind: "left", person: person(user) }] : []
      return [{ kind: item.notice }]
    case "unreadable":
      return user ? [{ kind: "unreadable", person: person(user) }] : []
    case "here":
      return [{ kind: item.first ? "history_from_here" : "rejoined" }]
    default:
      return []
  }
}

/** What is not in the log yet, in the order it will be sent. */
export function waitingItems(home: Home, outbox: readonly OutboxItem[]): TimelineItem[] {
  return outbox.flatMap((item): TimelineItem[] => {
    if (item.draft.kind !== "text") return []
    return [
      {
        type: "message",
        key: item.key,
        at: item.accepted?.time ?? item.at,
        from: home.people.person(home.account.user),
        mine: true,
        text: item.draft.text,
        delivery: deliveryOf(item),
        ...(item.error ? { error: item.error } : {}),
      },
    ]
  })
}
