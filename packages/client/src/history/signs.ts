/**
 * Which blocks need not be looked at: beside each block's words (words.ts) a Bloom filter of the single characters and pairs that
 * stand in it, and of three letters in a row, with who spoke, what there is and when. What is nowhere, or only long ago, is found out
 * from 4 KiB a block instead of its text, and without a word of Chinese known: a longer piece is in a block only if each of its pairs
 * is. Blocks that change are marked in the same write (wordless.ts), and their signs are not believed until they are made anew.
 *
 * Rejected: lists of places by pair. They are larger than the text, each block would write thousands of records, and a recalled
 * word would have to be taken out of all of them. One record for each block: a thousand reads cost more than what is in them.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { numberKey } from "../store/port.ts"
import type { SearchKind } from "../view/port/search.ts"
import { signsPrefix } from "./wordless.ts"
import { kindBit, LINE_END, NOBODY, type Words } from "./words.ts"

/** Blocks in one record. */
const SHELF = 16
const BYTES = 4096
const MASK = BYTES * 8 - 1

export type Sign = {
  readonly number: number
  readonly oldest: number
  readonly newest: number
  /** All of the lines' bits. */
  readonly kinds: number
  /** Absent: too many to say. */
  readonly users?: readonly Id[]
  readonly bits: Uint8Array
  /** Bits of a single character; absent: 2. One that is nowhere would pass for being in every fifteenth block. */
  readonly single?: 4
}

export const shelfOf = (number: number): number => Math.floor(number / SHELF)
export const signsKey = (room: Id, incarnation: number, number: number): string =>
  signsPrefix(room, incarnation) + numberKey(shelfOf(number))

/** Two bits for up to three UTF-16 code units (murmur3's finalizer over them). */
function places(first: number, second: number, third = 0): [number, number] {
  let h = Math.imul((first << 16) ^ second ^ Math.imul(third, 0x9e3779b1), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  h ^= h >>> 16
  return [h & MASK, (h >>> 15) & MASK]
}

const END = LINE_END.charCodeAt(0)
/** Alphabets have few letters: any two of them stand in every block, three do not. Chinese has enough with two. */
const isLetter = (unit: number) => unit < 0x0700 && unit !== END

/** Calls `set` for each bit of a text that may be lines; `more` for what a single character has besides. */
function eachBit(text: string, set: (at: number) => void, more: (at: number) => void): void {
  let [first, second] = [END, END]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit !== END) {
      for (const at of places(0, unit)) set(at)
      for (const at of places(0, unit, 1)) more(at)
      if (second !== END) for (const at of places(second, unit)) set(at)
      if (isLetter(first) && isLetter(second) && isLetter(unit))
        for (const at of places(first, second, unit)) set(at)
    }
    first = second
    second = unit
  }
}

export function signOf(number: number, words: Words): Sign | undefined {
  const { text, lines, oldest, newest } = words
  if (!lines || newest === undefined) return undefined
  const bits = new Uint8Array(BYTES)
  const set = (at: number) => {
    bits[at >>> 3] = (bits[at >>> 3] ?? 0) | (1 << (at & 7))
  }
  eachBit(text, set, set)
  const users = lines.users.length < NOBODY ? { users: lines.users } : {}
  return {
    number,
    oldest,
    newest,
    kinds: lines.kinds.reduce((all, one) => all | one, 0),
    ...users,
    bits,
    single: 4,
  }
}

export type Sought = {
  readonly wanted: string
  readonly sender?: Id | undefined
  readonly kind?: SearchKind | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** Whether something of this may stand in the block. Small and lasting: one for a whole search. */
export function mayHold({ wanted, sender, kind, from = 0, to = Number.POSITIVE_INFINITY }: Sought) {
  const asked = new Set<number>()
  const besides = new Set<number>()
  eachBit(
    wanted,
    (at) => void asked.add(at),
    (at) => void besides.add(at),
  )
  const two = [...asked]
  const four = [...new Set([...asked, ...besides])]
  return ({ bits, users, kinds, oldest, newest, single }: Sign): boolean =>
    newest >= from &&
    oldest < to &&
    (!kind || (kinds & kindBit(kind)) !== 0) &&
    (!sender || !users || users.includes(sender)) &&
    (single === 4 ? four : two).every((at) => ((bits[at >>> 3] ?? 0) & (1 << (at & 7))) !== 0)
}
