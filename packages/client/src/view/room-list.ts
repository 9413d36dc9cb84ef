/** All chats, pinned ones first, then the newest. A room that waits for an answer to a friend request is not a chat yet. */
import { topics } from "../changes.ts"
import type { Home } from "../home.ts"
import { preview } from "../room/preview.ts"
import type { RoomState } from "../room/state.ts"
import { aheadOf } from "./ahead.ts"
import type { MakeView } from "./context.ts"
import { sentDelivery, waitingDelivery } from "./delivery.ts"
import { foldedAway } from "./folded.ts"
import { personIn } from "./person-in.ts"
import { versionOf } from "./pictures.ts"
import type { RoomItem } from "./port/rooms.ts"

/** Until a group's name has come, it is called by who is in it. */
export function titleOf(home: Home, { kind, peer, card, users }: RoomState["meta"]): string {
  if (kind === "group") return card?.name || users.map((user) => home.people.person(user).name).join(", ")
  // The room with oneself has no name of its own; screens have a word for its kind.
  return kind === "direct" && peer
    ? home.people.person(peer).name
    : home.people.person(home.account.user).name
}

async function itemOf(home: Home, state: RoomState): Promise<RoomItem> {
  const { outbox } = state
  const { meta } = await aheadOf(home, state)
  const { room, kind, peer, last, unread, draft, at, mentioned, read } = meta
  const own = home.account.user
  const waiting = outbox.findLast((item) => preview(item.draft))
  const folded = last !== undefined && foldedAway(home, meta, last.user)
  const newest = waiting
    ? {
        text: "",
        ...preview(waiting.draft),
        mine: true,
        at: waiting.at,
        delivery: waitingDelivery(waiting),
      }
    : last && {
        text: folded ? "" : last.text,
        ...(last.sticker && !last.recalled && !folded ? { sticker: true as const } : {}),
        ...(last.bundle && !last.recalled && !folded ? { bundle: true as const } : {}),
        mine: last.user === own,
        ...(folded ? { blocked: true as const } : {}),
        ...(kind === "group" && last.user !== own && !folded
          ? { from: personIn(home, meta, last.user).name }
          : {}),
        at: last.at,
        ...(last.recalled ? { recalled: true } : {}),
        ...(last.user === own && !last.recalled
          ? { delivery: last.seq === undefined ? ("sent" as const) : sentDelivery(home, meta, last.seq) }
          : {}),
      }
  const picture = peer && home.people.person(peer).picture
  const draftFiles = home.files.drafts.of(room).files.length
  return {
    room,
    kind,
    title: titleOf(home, meta),
    ...(peer ? { peer } : {}),
    ...(picture ? { picture } : {}),
    habits: home.habits.of(meta),
    ...(meta.card?.picture ? { picture: versionOf(meta.card.picture) } : {}),
    ...(newest ? { last: newest } : {}),
    unread,
    ...(mentioned !== undefined && mentioned > read ? { mentioned: true } : {}),
    draft: meta.composing?.edit?.stashed ?? draft,
    ...(draftFiles > 0 ? { draftFiles } : {}),
    at: Math.max(at, newest?.at ?? 0),
  }
}

export const roomListView: MakeView<"roomList"> = ({ home }) => ({
  topics: [topics.rooms, topics.contacts, topics.settings, topics.session],
  async compute() {
    const here = home()
    if (!here) return { rooms: [] }
    const shown = here.rooms
      .all()
      .map((actor) => actor.state())
      .filter(({ meta }) => meta.standing !== "pending")
    const items = await Promise.all(shown.map((state) => itemOf(here, state)))
    const rooms = items.filter(({ habits }) => !habits.hidden)
    const pinned = (item: RoomItem) => Number(item.habits.pinned)
    rooms.sort((a, b) => pinned(b) - pinned(a) || b.at - a.at)
    return here.rooms.coming() ? { rooms, coming: true } : { rooms }
  },
})
