/** History entries as lines of a chat. An entry becomes none, one or several. */

import type { Id } from "@teahouse/protocol/ids.ts"
import { type CardMessage, decodeContent } from "../content/message.ts"
import type { HistoryEntry } from "../history/entry.ts"
import type { Home } from "../home.ts"
import { cleanName } from "../room/card.ts"
import { textOf } from "../room/preview.ts"
import type { OutboxItem, RoomMeta } from "../room/records.ts"
import type { RoomEvent, TimelineItem } from "./port.ts"
import { deliveryOf } from "./room-list.ts"

export function itemsOf(home: Home, meta: RoomMeta, entry: HistoryEntry): TimelineItem[] {
  const key = entry.key ?? `${entry.device}:${entry.n}`
  const { seq, time: at, item } = entry
  if (item.type === "content") {
    const content = decodeContent(item.bytes)
    if (content?.kind === "card" && entry.user)
      return cardEvents(home, entry.user, content).map((event) => ({ type: "event", key, seq, at, event }))
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

/** Only changes by somebody who may make them are in the history as contents (room/inbox.ts). */
function cardEvents(home: Home, user: Id, { what, name, announcement: text }: CardMessage): RoomEvent[] {
  const person = home.people.person(user)
  switch (what) {
    case "created":
      return [{ kind: "created", person, name: cleanName(name) }]
    case "announcement":
      return [{ kind: "announced", person, text }]
    default:
      return [{ kind: "renamed", person, name: cleanName(name) }]
  }
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
