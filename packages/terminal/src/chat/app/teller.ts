/** Being told: the bell by the rules of the page (client/told), the number in the title, and files that come into their folder. */

import { decide } from "@teahouse/client/told/decide.ts"
import { isQuiet, minuteOf } from "@teahouse/client/told/quiet.ts"
import type { Timeline } from "@teahouse/client/view/port/messages.ts"
import type { NewsItem } from "@teahouse/client/view/port/told.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

export type TellerParts = {
  readonly port: Pick<ClientPort, "subscribe">
  readonly looking: () => boolean
  readonly open: () => Id | undefined
  readonly now: () => number
  readonly ring: () => void
  readonly title: (text: string) => void
  /** A file of somebody else has come: once for each. */
  readonly onFile: (room: Id, key: string, seq: number, size: number) => void
}

/** Two bells at once are one. */
const RING_MS = 2_000
const WINDOW = 30

export function startTeller({ port, ...parts }: TellerParts): () => void {
  let decided: ReadonlyMap<Id, number> = new Map()
  let levels: ReadonlyMap<Id, NewsLevel> = new Map()
  let quiet = () => false
  let rang = Number.NEGATIVE_INFINITY
  const looks = new Map<Id, () => void>()
  const seen = new Map<Id, number>()

  const lookForFiles = (items: readonly NewsItem[]) => {
    for (const { room, seq } of items) {
      if (!seen.has(room)) seen.set(room, seq - 1)
      if (looks.has(room)) continue
      looks.set(
        room,
        port.subscribe("timeline", { room, around: "end", limit: WINDOW }, (timeline) =>
          take(room, timeline),
        ),
      )
    }
  }
  const take = (room: Id, { items }: Timeline) => {
    for (const item of items) {
      const { seq } = item
      if (seq === undefined || seq <= (seen.get(room) ?? 0)) continue
      seen.set(room, seq)
      if (item.type === "message" && !item.mine && !item.blocked && item.body.kind === "file")
        parts.onFile(room, item.key, seq, item.body.file.size)
    }
  }
  const stops = [
    port.subscribe("settings", undefined, ({ told }) => {
      quiet = () => isQuiet(told, minuteOf(new Date(parts.now())))
    }),
    port.subscribe("roomList", undefined, ({ rooms }) => {
      levels = new Map(rooms.map(({ room, habits }) => [room, habits.level]))
      const unread = rooms.reduce(
        (sum, { unread, habits }) => sum + (habits.level === "none" ? 0 : unread),
        0,
      )
      parts.title(unread > 0 ? `(${unread}) Teahouse` : "Teahouse")
    }),
    port.subscribe("news", undefined, ({ items }) => {
      lookForFiles(items)
      const looking = parts.looking()
      const open = parts.open()
      const decision = decide(items, {
        decided,
        looking,
        quiet: quiet(),
        level: (room) => levels.get(room) ?? "all",
        open: new Set(looking && open ? [open] : []),
      })
      decided = decision.decided
      if (!decision.rings || parts.now() - rang < RING_MS) return
      rang = parts.now()
      parts.ring()
    }),
  ]
  return () => {
    for (const stop of [...stops, ...looks.values()]) stop()
  }
}

type NewsLevel = "all" | "mentions" | "none"
