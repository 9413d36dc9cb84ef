/**
 * Signs of blocks (signs.ts), as a search goes through them: read in the order in which it will want them, a few at a time, and
 * kept for whoever types the next letter, and so are the words of chats' open ends, which stand nowhere. They are given back a while
 * after the last search: 4 KiB a block, 16 MB of a million messages.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { numberKey } from "../store/port.ts"
import type { SealedStore } from "../store/sealed.ts"
import { type Sign, shelfOf } from "./signs.ts"
import { signsPrefix } from "./wordless.ts"
import type { Words } from "./words.ts"

/** Shelves that are read in one go: 512 blocks. */
const AT_ONCE = 32
/** Such readings under way at the same time. */
const ABREAST = 2
const KEEP_MS = 60_000

type Slice = ReadonlyMap<number, Sign>
export type Shelves = ReturnType<typeof createShelves>

const sliceOf = (number: number) => Math.floor(shelfOf(number) / AT_ONCE)

function createShelves(store: SealedStore) {
  const slices = new Map<string, { readonly reading: Promise<Slice>; read?: Slice }>()
  const ends = new Map<Id, { readonly version: string; readonly words: Words }>()
  let users = 0
  const keyOf = (room: Id, incarnation: number, slice: number) => `${room} ${incarnation} ${slice}`

  const read = async (room: Id, incarnation: number, slice: number): Promise<Slice> => {
    const prefix = signsPrefix(room, incarnation)
    const from = prefix + numberKey(slice * AT_ONCE)
    const rows = await store.range<readonly Sign[]>(prefix, { from, limit: AT_ONCE })
    // Where shelves are missing, those that come after belong to another reading.
    const signs = rows.flatMap(({ value }) => value).filter(({ number }) => sliceOf(number) === slice)
    return new Map(signs.map((sign) => [sign.number, sign]))
  }
  const slice = (room: Id, incarnation: number, number: number) => {
    const key = keyOf(room, incarnation, number)
    const known = slices.get(key)
    if (known) return known
    const made: { readonly reading: Promise<Slice>; read?: Slice } = {
      reading: read(room, incarnation, number).then((signs) => {
        made.read = signs
        return signs
      }),
    }
    slices.set(key, made)
    // What could not be read is read again by the next one; who waits for it hears of it.
    made.reading.catch(() => slices.delete(key))
    return made
  }

  return {
    /** A block's sign; undefined where it has none. At once where it is in memory. */
    of(room: Id, incarnation: number, number: number): Sign | undefined | Promise<Sign | undefined> {
      const { read: here, reading } = slice(room, incarnation, sliceOf(number))
      return here ? here.get(number) : reading.then((signs) => signs.get(number))
    },
    /** Reads what these places will want, each from its last block down to its first, until there is nothing more or `over` says so. */
    async ahead(
      places: readonly { room: Id; incarnation: number; last: number; first: number }[],
      over: () => boolean,
    ): Promise<void> {
      const wanted = places.flatMap(({ room, incarnation, last, first }) =>
        Array.from({ length: sliceOf(last) - sliceOf(first) + 1 }, (_, i) => ({
          ...{ room, incarnation, slice: sliceOf(last) - i, turn: i },
        })),
      )
      wanted.sort((a, b) => a.turn - b.turn)
      const next = async (): Promise<void> => {
        for (let one = wanted.shift(); one && !over(); one = wanted.shift())
          await slice(one.room, one.incarnation, one.slice).reading
      }
      await Promise.all(Array.from({ length: ABREAST }, next))
    },
    /** What a chat's open end says, made again only where `version` is another one. */
    async end(room: Id, version: string, make: () => Promise<Words>): Promise<Words> {
      const known = ends.get(room)
      if (known?.version === version) return known.words
      const words = await make()
      ends.set(room, { version, words })
      return words
    },
    /** A block was signed anew. */
    changed(room: Id, incarnation: number, number: number) {
      slices.delete(keyOf(room, incarnation, sliceOf(number)))
    },
    /** Somebody looks; returns how to say that they do not any more. */
    use(later: (ms: number, run: () => void) => void): () => void {
      users++
      return () => {
        users--
        later(KEEP_MS, () => {
          if (users > 0) return
          slices.clear()
          ends.clear()
        })
      }
    },
  }
}

const all = new WeakMap<SealedStore, Shelves>()
export function shelvesOf(store: SealedStore): Shelves {
  const known = all.get(store) ?? createShelves(store)
  all.set(store, known)
  return known
}
