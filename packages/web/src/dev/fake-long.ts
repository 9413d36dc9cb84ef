/** The made-up chat of 100,000 messages (`?fake=long`): what lines cost is what is measured, so they are of every plain kind. */

import type { Person } from "@teahouse/client/view/port/basic.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { plain } from "./fake-messages.ts"

const LONG = 100_000
const MIN = 60_000

export function longHistory(self: Person, peer: Person, lines: readonly string[], ended: number) {
  const at = (seq: number) => ended - (LONG - seq) * MIN - Math.floor((LONG - seq) / 23) * 30 * MIN
  const items: TimelineItem[] = [
    { type: "event", key: "long:1", seq: 1, at: at(1), event: { kind: "friends", person: peer } },
  ]
  for (let seq = 2; seq <= LONG; seq++) {
    const mine = (seq * 7) % 5 < 2
    const text = lines[(seq * 13) % lines.length] ?? ""
    const before = items.at(-1)
    items.push({
      ...plain,
      key: `long:${seq}`,
      seq,
      at: at(seq),
      from: mine ? self : peer,
      mine,
      text: `${text}${seq % 3 === 0 ? ` ${seq}` : ""}`,
      ...(mine && { delivery: "read" as const }),
      ...(seq % 9 === 0 &&
        before?.type === "message" && {
          reply: { seq: seq - 1, from: before.from, text: before.text.slice(0, 200) },
        }),
      ...(seq % 11 === 0 && { reactions: [{ emoji: "👍", people: [mine ? peer : self], mine: !mine }] }),
    } satisfies MessageItem)
  }
  return items
}
