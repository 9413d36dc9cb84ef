/**
 * What a search knows of blocks before it reads them (search.ts): signs where they can be believed, words, and the words of open
 * ends, which are made when they are first asked for.
 */
import { SEGMENT } from "../history/history.ts"
import { folded } from "../history/search.ts"
import { shelvesOf } from "../history/shelves.ts"
import { mayHold, type Sign } from "../history/signs.ts"
import { WORDLESS, wordlessKey, wordsKey } from "../history/wordless.ts"
import { placesOf, type Words, wordsOf } from "../history/words.ts"
import type { Home } from "../home.ts"
import type { ImportHead } from "../imported/imports.ts"
import { type RoomMeta, startOf } from "../room/records.ts"
import type { lostEntries } from "./lost-lines.ts"
import type { ViewArgs } from "./port.ts"

type Args = ViewArgs<"search">
/** Blocks whose words are read together at the most; the first time one, then twice as many each time. */
const AHEAD = 32

/** A chat, and how much of it is not read yet. */
export type Place = {
  readonly meta: RoomMeta
  /** What was imported into it is a place of its own, and `meta` says where it lies. */
  readonly head?: ImportHead
  /** What a restored house has lost of it is one, too, and is read as it is. */
  readonly lost?: Awaited<ReturnType<typeof lostEntries>>
  number: number
  newest: number
  /** What was read ahead. */
  readonly words: Map<number, Words | undefined>
  ahead: number
}
export type Look = Awaited<ReturnType<typeof lookFor>>

/** It is not complete, and has neither words nor a sign. */
export const isOpen = ({ meta: { seq } }: Place, number: number) => number === Math.floor((seq + 1) / SEGMENT)
export const firstOf = ({ meta }: Place) => Math.floor(startOf(meta) / SEGMENT)

export async function lookFor(home: Home, { query, sender, kind, from, to }: Args) {
  const wanted = folded(query.trim())
  const shelves = shelvesOf(home.store)
  // Before any sign is read: what changes later has a sign that says what was there when somebody began to look.
  const stale = new Set(await home.store.keys(WORDLESS))
  const may = mayHold({ wanted, sender, kind, from, to })
  // Who said a line of an export, when, and what it is stands inside the line.
  const mayImported = mayHold({ wanted })
  return {
    shelves,
    ahead: (places: readonly Place[], over: () => boolean) =>
      shelves.ahead(
        places
          .filter(({ lost }) => !lost)
          .map((place) => ({ ...place.meta, last: place.number, first: firstOf(place) })),
        over,
      ),
    /** undefined: it has none that can be believed. */
    sign(place: Place, number: number) {
      const { room, incarnation } = place.meta
      if (isOpen(place, number)) return undefined
      if (stale.has(wordlessKey(room, incarnation, number))) return undefined
      return shelves.of(room, incarnation, number)
    },
    passes: ({ head }: Place, sign: Sign | undefined) =>
      sign !== undefined && !(head ? mayImported : may)(sign),
    /** Places in the block; undefined: all of it is to be read. */
    places({ head }: Place, words: Words | undefined) {
      if (!words || (!words.lines && wanted === "")) return undefined
      const found = placesOf(words, head ? { wanted } : { wanted, sender, kind })
      return head && found && found.length > 0 ? undefined : found
    },
  }
}

export async function openEnd(home: Home, look: Look, { meta, number }: Place): Promise<Words> {
  const { room, incarnation, seq } = meta
  const block = [room, incarnation, number] as const
  const version = [incarnation, seq, home.history.changes(...block), home.marks.changes(...block)].join(" ")
  return look.shelves.end(room, version, async () =>
    wordsOf(await home.history.block(...block), await home.marks.block(...block)),
  )
}

/** A block's words; undefined where it has none. With it those of the next ones that have to be looked at. */
export async function wordsAt(home: Home, look: Look, place: Place): Promise<Words | undefined> {
  const { words, number, meta } = place
  if (isOpen(place, number)) return place.head ? undefined : openEnd(home, look, place)
  if (!words.has(number)) {
    words.clear()
    const numbers: number[] = []
    for (let one = number; one >= firstOf(place) && numbers.length < place.ahead; one--) {
      const sign = look.sign(place, one)
      // What is not in memory yet is not waited for here.
      if (sign instanceof Promise) break
      if (!look.passes(place, sign)) numbers.push(one)
    }
    if (numbers.length === 0) numbers.push(number)
    place.ahead = Math.min(AHEAD, place.ahead * 2)
    const { room, incarnation } = meta
    await Promise.all(
      numbers.map(async (one) =>
        words.set(one, await home.store.get<Words>(wordsKey(room, incarnation, one))),
      ),
    )
  }
  return words.get(number)
}
