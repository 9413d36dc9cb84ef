/**
 * What a restored house has lost of a chat and this device still has (room/step-back.ts): it stands where it was said, under a line
 * that says how many there are, and before everything that has come since. Its own positions are other messages' now, so it is
 * given fractions between those of its neighbours: a window can begin there and nothing can be done to it by mistake.
 */
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import type { Home } from "../home.ts"
import type { RoomState } from "../room/state.ts"
import { numberOf } from "../room/step-back.ts"
import type { TimelineItem } from "./port/messages.ts"
import { isMessage, itemsOf } from "./timeline-items.ts"

/** One position of a chat, and what is shown of it. */
export type Unit = { readonly seq: number; readonly lines: () => Promise<readonly TimelineItem[]> }
type Lost = { readonly life: number; readonly entry: HistoryEntry }

const blockOf = (seq: number) => Math.floor(seq / SEGMENT)

/** By the block of the position that they follow, in order. */
export async function lostIn(home: Home, state: RoomState): Promise<ReadonlyMap<number, readonly Unit[]>> {
  const { meta, outbox } = state
  const { behind = [] } = meta
  const { device } = home.account.device
  // On its way to the house again: it is shown there.
  const waiting = new Set(outbox.flatMap(({ draft }) => draft.was ?? []))
  const sections = new Map<number, Lost[]>()
  for (const { life, after, to } of behind) {
    const section = sections.get(after) ?? []
    sections.set(after, section)
    for (let number = blockOf(after + 1); number <= blockOf(to); number++)
      for (const entry of await home.history.block(meta.room, life, number))
        if (isShown(entry) && !(entry.device === device && waiting.has(numberOf(entry))))
          section.push({ life, entry })
  }
  const units = new Map<number, Unit[]>()
  for (const [after, section] of [...sections].sort(([a], [b]) => a - b)) {
    const block = units.get(blockOf(after)) ?? []
    units.set(blockOf(after), block)
    const count = section.filter(({ entry }) => isMessage(entry)).length
    const first = section[0]
    if (!first || count === 0) continue
    const place = (i: number) => after + (i + 1) / (section.length + 2)
    const key = `lost:${after}:${behind.at(-1)?.life}`
    const line = { type: "event", key, seq: place(0), at: first.entry.time } as const
    block.push({ seq: line.seq, lines: async () => [{ ...line, event: { kind: "lost", count } }] })
    section.forEach((one, i) => {
      const seq = place(i + 1)
      block.push({ seq, lines: () => linesOf(home, state, one, seq) })
    })
  }
  return units
}

function isShown(entry: HistoryEntry): boolean {
  const { item } = entry
  return isMessage(entry) || item.type === "members" || (item.type === "content" && !!contentOf(entry))
}

async function linesOf(home: Home, state: RoomState, { life, entry }: Lost, seq: number) {
  const { meta } = state
  const { pins: _, ...rest } = meta
  // As the room was then: answers are looked up among what was lost, or show their own words.
  const then = {
    ...state,
    outbox: [],
    meta: { ...rest, incarnation: life, joined: { seq: Number.MAX_SAFE_INTEGER, hash: meta.hash } },
  }
  const marks = await home.marks.block(meta.room, life, blockOf(entry.seq))
  const items = await itemsOf(home, then, entry, marks)
  return items.map((item): TimelineItem => {
    if (item.type === "event") return { ...item, key: `lost:${life}:${item.key}`, seq }
    const { delivery: _, readBy: __, favourite: ___, ...said } = item
    return { ...said, seq, lost: true, may: { edit: false, recall: false, pin: false } }
  })
}
