/** All chats, newest first. A room that waits for an answer to a friend request is not a chat yet. */
import { topics } from "../changes.ts"
import type { Home } from "../home.ts"
import { preview } from "../room/preview.ts"
import type { OutboxItem } from "../room/records.ts"
import type { RoomState } from "../room/state.ts"
import type { MakeView } from "./context.ts"
import type { Delivery, RoomItem } from "./port.ts"

/** Until a group's name has come, it is called by who is in it. */
export function titleOf(home: Home, { kind, peer, card, users }: RoomState["meta"]): string {
  if (kind === "group") return card?.name || users.map((user) => home.people.person(user).name).join(", ")
  // The room with oneself has no name of its own; screens have a word for its kind.
  return kind === "direct" && peer
    ? home.people.person(peer).name
    : home.people.person(home.account.user).name
}

export const deliveryOf = (item: OutboxItem): Delivery =>
  item.state === "refused" ? "refused" : item.accepted ? "sent" : "waiting"

function itemOf(home: Home, { meta, outbox }: RoomState): RoomItem {
  const { room, kind, peer, last, unread, draft, at } = meta
  const mine = outbox.findLast((item) => item.draft.kind === "text")
  const waiting = mine?.draft.kind === "text" ? { text: mine.draft.text, at: mine.at, item: mine } : undefined
  const newest = waiting
    ? {
        text:
          preview({ kind: "text", v: 1, text: waiting.text, seen: { seq: 0, hash: new Uint8Array(32) } }) ??
          "",
        mine: true,
        at: waiting.at,
        delivery: deliveryOf(waiting.item),
      }
    : last && {
        text: last.text,
        mine: last.user === home.account.user,
        ...(kind === "group" && last.user !== home.account.user
          ? { from: home.people.person(last.user).name }
          : {}),
        at: last.at,
        ...(last.user === home.account.user ? { delivery: "sent" as const } : {}),
      }
  return {
    room,
    kind,
    title: titleOf(home, meta),
    ...(peer ? { peer } : {}),
    ...(newest ? { last: newest } : {}),
    unread,
    draft,
    at: Math.max(at, newest?.at ?? 0),
  }
}

export const roomListView: MakeView<"roomList"> = ({ home }) => ({
  topics: [topics.rooms, topics.contacts, topics.session],
  async compute() {
    const here = home()
    if (!here) return { rooms: [] }
    const shown = here.rooms
      .all()
      .map((actor) => actor.state())
      .filter(({ meta }) => meta.standing !== "pending")
    return { rooms: shown.map((state) => itemOf(here, state)).sort((a, b) => b.at - a.at) }
  },
})
