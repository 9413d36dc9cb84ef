/**
 * What a restored house has lost of a chat and this device still has (room/step-back.ts): it stands where it was said, under a line
 * that says how many there are, and before everything that has come since. Its own positions are other messages' now, so it is
 * given fractions between those of its neighbours: a window can begin there and nothing can be done to it by mistake.
 */
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import type { Mark } from "../history/marks.ts"
import type { Home } from "../home.ts"
import { numberOf } from "../room/number-of.ts"
import type { RoomState } from "../room/state.ts"
import type { TimelineItem } from "./port/messages.ts"
import { isMessage, itemsOf } from "./timeline-items.ts"

/** One position of a chat, and what is shown of it. */
export type Unit = { readonly seq: number; readonly lines: () => Promise<readonly TimelineItem[]> }
type Lost = { readonly life: number; readonly entry: HistoryEntry }

const blockOf = (seq: number) => Math.floor(seq / SEGMENT)

type Section = { readonly after: number; readonly lines: readonly (Lost & { readonly seq: number })[] }

/** What is shown of it, in order, each part by the position that it follows. */
async function sectionsOf(home: Home, { meta, outbox }: RoomState): Promise<readonly Section[]> {
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
  return [...sections]
    .sort(([a], [b]) => a - b)
    .map(([after, all]) => {
      const place = (i: number) => after + (i + 2) / (all.length + 2)
      return { after, lines: all.map((one, i) => ({ ...one, seq: place(i) })) }
    })
}

/** By the block of the position that they follow, in order. */
export async function lostIn(home: Home, state: RoomState): Promise<ReadonlyMap<number, readonly Unit[]>> {
  const units = new Map<number, Unit[]>()
  for (const { after, lines } of await sectionsOf(home, state)) {
    const block = units.get(blockOf(after)) ?? []
    units.set(blockOf(after), block)
    const count = lines.filter(({ entry }) => isMessage(entry)).length
    const first = lines[0]
    if (!first || count === 0) continue
    const key = `lost:${after}:${state.meta.behind?.at(-1)?.life}`
    const seq = after + 1 / (lines.length + 2)
    const line = { type: "event", key, seq, at: first.entry.time } as const
    block.push({ seq, lines: async () => [{ ...line, event: { kind: "lost", count } }] })
    for (const one of lines) block.push({ seq: one.seq, lines: () => linesOf(home, state, one, one.seq) })
  }
  return units
}

/** For a search: each under the position at which it is shown, with the mark that it has. */
export async function lostEntries(home: Home, state: RoomState) {
  const { room } = state.meta
  const found: { readonly entry: HistoryEntry; readonly mark: Mark | undefined }[] = []
  for (const { lines } of await sectionsOf(home, state))
    for (const { life, entry, seq } of lines)
      found.push({
        entry: { ...entry, seq },
        mark: (await home.marks.block(room, life, blockOf(entry.seq))).get(entry.seq),
      })
  return found
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
