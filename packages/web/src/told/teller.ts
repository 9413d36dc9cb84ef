/**
 * One account's teller in one tab. The tab that leads decides what came (decide.ts) and shows it; the sound is made by a
 * tab that the browser lets make one, whichever it is. At most one in two seconds over all tabs and accounts: the right to
 * ring is a lock that is kept that long.
 */

import { type Decision, decide } from "@teahouse/client/told/decide.ts"
import { isQuiet, minuteOf } from "@teahouse/client/told/quiet.ts"
import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"
import type { NewsItem, ToldSettings } from "@teahouse/client/view/port/told.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { pathOf } from "../route/route.ts"
import { readHere } from "./here.ts"
import { type Locks, leadTabs, takeTurn, whoLooks } from "./leader.ts"
import { type Shown, show, sweep, tagOf } from "./notifications.ts"
import { keepPush } from "./push.ts"
import type { Ringer } from "./ringer.ts"

export const RING_MS = 2_000
/**
 * What came this long (ms) before a tab began to lead is told by it again: the one before may have gone without a word. It is the same
 * notice in the same place, and rings no second time.
 */
const HANDOVER_MS = RING_MS
/** How long other tabs have to say that they make the sound. */
const ANSWER_MS = 400

/** Between the tabs of one account. */
type Word =
  | { readonly t: "ring"; readonly id: string; readonly volume: number }
  | { readonly t: "rang"; readonly id: string }
  | { readonly t: "refused" }

/** In the person's language, at the moment it is shown. */
export type Wording = {
  readonly title: (item: NewsItem) => string
  readonly body: (item: NewsItem, count: number, hidden: boolean) => string
  readonly many: (messages: number, chats: number) => string
  readonly appName: string
}

export type TellerParts = {
  readonly port: ClientPort
  readonly slot: number
  readonly locks: Locks
  readonly ringer: Ringer
  readonly wording: () => Wording
  /** The browser let no tab make the sound: offer the button. */
  readonly onRefused: () => void
}

export function startTeller({ port, slot, locks, ringer, wording, onRefused }: TellerParts): () => void {
  const channel = new BroadcastChannel(`teahouse-told-${slot}`)
  const say = (word: Word) => channel.postMessage(word)
  let rang: ((id: string) => void) | undefined
  let stopped = false
  let leading = false
  let stopViews = () => {}
  /** What needs no telling: it was told, or came so long ago that whoever led then has told it. */
  let decided: ReadonlyMap<Id, number> = new Map()
  let waiting: readonly NewsItem[] = []
  let onNews = () => {}

  channel.onmessage = async ({ data }) => {
    const word = data as Word
    if (word.t === "refused") onRefused()
    else if (word.t === "rang") rang?.(word.id)
    else if (await takeTurn(locks, `teahouse-rings-${word.id}`, RING_MS)) {
      if (ringer.ring(word.volume)) say({ t: "rang", id: word.id })
    }
  }

  const ring = async (volume: number) => {
    if (ringer.ring(volume)) return
    const id = crypto.randomUUID()
    const heard = new Promise<boolean>((answer) => {
      rang = (other) => other === id && answer(true)
      setTimeout(() => answer(false), ANSWER_MS)
    })
    say({ t: "ring", id, volume })
    if (await heard) return
    say({ t: "refused" })
    onRefused()
  }

  const tell = async (decision: Decision, hidden: boolean) => {
    if (!decision.rings) return
    const here = readHere(slot)
    const turn = here.sound && (await takeTurn(locks, "teahouse-ring", RING_MS))
    const silent = !turn
    const words = wording()
    const shown: Shown[] = decision.notices.map(({ item, count }) => ({
      tag: tagOf(slot, item.room),
      title: hidden ? words.appName : words.title(item),
      body: words.body(item, count, hidden),
      silent,
      path: pathOf(slot, { page: "chats", room: item.room }),
    }))
    if (decision.many)
      shown.push({
        tag: tagOf(slot, "many"),
        title: words.appName,
        body: words.many(decision.many.messages, decision.many.chats),
        silent,
        path: pathOf(slot, { page: "chats" }),
      })
    const done = here.notify ? await Promise.all(shown.map(show)) : []
    if (turn && !done.includes(true)) await ring(here.volume)
  }

  const lead = () => {
    if (stopped) return
    leading = true
    let rooms: readonly RoomItem[] | undefined
    let settings: ToldSettings | undefined
    let unread = ""
    let last: Promise<void> = Promise.resolve()

    const look = async () => {
      // Levels first: a muted chat must not ring because they came later.
      if (!rooms || !settings || stopped) return
      const levels = new Map(rooms.map((room) => [room.room, room.habits.level]))
      const decision = decide(waiting, {
        decided,
        level: (room) => levels.get(room) ?? "all",
        ...(await whoLooks(locks, slot)),
        quiet: isQuiet(settings, minuteOf(new Date())),
      })
      decided = decision.decided
      await tell(decision, settings.hideContent)
    }
    const soon = () => {
      last = last.then(look).catch(() => {})
    }
    const clean = () => {
      const waits = new Set(rooms?.filter((room) => room.unread > 0).map((room) => tagOf(slot, room.room)))
      const now = [...waits].join(" ")
      if (now === unread) return
      unread = now
      void sweep(slot, (tag) => waits.has(tag) || (tag === tagOf(slot, "many") && waits.size > 0)).catch(
        () => {},
      )
    }
    const stops = [
      port.subscribe("settings", undefined, ({ told }) => {
        settings = told
        soon()
      }),
      port.subscribe("roomList", undefined, (value) => {
        rooms = value.rooms
        clean()
        soon()
      }),
    ]
    onNews = soon
    keepPush(port, slot)
    // What was shown before this tab came, or by a push, and was read since.
    void sweep(slot, () => true).catch(() => {})
    stopViews = () => {
      for (const stop of stops) stop()
    }
  }
  // Before this tab's turn too, so that nothing is missed between two that lead.
  const stopNews = port.subscribe("news", undefined, ({ items }) => {
    waiting = items
    if (leading) onNews()
    else
      setTimeout(() => {
        if (!leading) decided = withAll(decided, items)
      }, HANDOVER_MS)
  })
  const leave = leadTabs(locks, `teahouse-told-${slot}`, lead)

  return () => {
    stopped = true
    leave()
    stopNews()
    stopViews()
    channel.close()
  }
}

function withAll(decided: ReadonlyMap<Id, number>, items: readonly NewsItem[]): ReadonlyMap<Id, number> {
  const all = new Map(decided)
  for (const { room, seq } of items) all.set(room, Math.max(all.get(room) ?? 0, seq))
  return all
}
