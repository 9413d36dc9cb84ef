/**
 * What a person does with messages for themselves alone, the same on all their devices: keeping some (收藏), and deleting some
 * for themselves. Both are records of the notebook. A kept message is a copy: it outlives recall, expiry and its chat.
 */

import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Changes, topics } from "./changes.ts"
import {
  FAVOURITES_MAX,
  type FavouriteRecord,
  type FavouritesRecord,
  HIDDEN_SPAN,
} from "./content/notebook.ts"
import type { Notebook } from "./notebook.ts"
import {
  FAVOURITES,
  favouriteName,
  favouritePage,
  favouritesPage,
  hiddenName,
  hiddenPage,
  shortened,
} from "./pages.ts"
import type { Clock } from "./platform.ts"
import type { Problem } from "./problem.ts"
import { isLost, lifeAt, lifeOf } from "./room/life.ts"
import { startOf } from "./room/records.ts"
import type { Rooms } from "./room/rooms.ts"
import type { RoomState } from "./room/state.ts"
import type { SealedStore } from "./store/sealed.ts"

export type KeptParts = {
  readonly store: SealedStore
  readonly notebook: Notebook
  readonly rooms: Rooms
  readonly clock: Clock
  readonly changes: Changes
  readonly onFailure: (error: unknown) => void
}

export type KeptCopy = { readonly id: string; readonly at: number; readonly copy: FavouriteRecord }
export type Kept = Awaited<ReturnType<typeof loadKept>>

const livesIn = ({ incarnation, life }: RoomState["meta"]): readonly number[] => [
  incarnation,
  ...[...(life?.earlier ?? []), ...(life ? [life] : [])].map((one) => one.incarnation),
]

/** Deleted on another device before it came here. */
const aheadKey = (room: Id) => `hidden-ahead/${room}`
type Ahead = {
  readonly room: Id
  readonly seqs: readonly number[]
  /** Of the house, as the room knew it: what a restored one has lost since stands there no more. */
  readonly life?: number
}

export async function loadKept({ store, notebook, rooms, clock, changes, onFailure }: KeptParts) {
  const ahead = new Map<Id, Ahead>()
  for (const { value } of await store.range<Ahead>("hidden-ahead/")) ahead.set(value.room, value)

  let all: FavouritesRecord["all"] = []
  const places = new Map<string, FavouritesRecord["all"][number]>()
  const copies = new Map<string, FavouriteRecord>()
  const readFavourites = async () => {
    all = (await notebook.get(FAVOURITES, favouritesPage))?.all ?? []
    places.clear()
    for (const one of all) places.set(favouriteName(one.room, one.incarnation, one.seq), one)
    changes.emit(topics.favourites)
  }
  await readFavourites()

  /** What is here goes; what is still to come is remembered. */
  const hide = async (room: Id, seqs: readonly number[]) => {
    const actor = rooms.get(room)
    if (!actor || (seqs.length === 0 && !ahead.has(room))) return
    await actor.forget(seqs, "deleted")
    const { meta } = actor.state()
    // What waits already goes on waiting; but for what a restored house has lost, whose positions are other messages' now.
    const noted = { incarnation: meta.incarnation, life: ahead.get(room)?.life }
    const waiting = (ahead.get(room)?.seqs ?? []).filter((seq) => !isLost({ ...noted, seq }, meta.life))
    const all = new Set([...waiting, ...seqs].filter((seq) => seq > meta.seq))
    const later: Ahead = { room, seqs: [...all], life: lifeOf(meta) }
    const none = later.seqs.length === 0
    if (none && !ahead.has(room)) return
    if (none) ahead.delete(room)
    else ahead.set(room, later)
    const key = aheadKey(room)
    await store.write([none ? { drop: key } : { put: key, value: later }])
  }

  const hiddenIn = async ({ meta }: RoomState): Promise<number[]> => {
    const { room, seq: end } = meta
    const seqs: number[] = []
    // Another device may be ahead of this one.
    const last = Math.floor(end / HIDDEN_SPAN) + 1
    for (let span = Math.floor(startOf(meta) / HIDDEN_SPAN); span <= last; span++) {
      for (const life of livesIn(meta)) {
        const record = await notebook.get(hiddenName(room, life, span), hiddenPage)
        record?.bits.forEach((byte, at) => {
          for (let bit = 0; bit < 8; bit++) {
            const seq = span * HIDDEN_SPAN + 8 * at + bit
            // What a restored house has lost stood there before.
            if (byte & (1 << bit) && lifeAt(meta, seq) === life) seqs.push(seq)
          }
        })
      }
    }
    return seqs
  }

  return {
    async delete(room: Id, seqs: readonly number[]): Promise<void> {
      const meta = rooms.get(room)?.state().meta
      if (!meta) return
      const nameOf = (seq: number) => hiddenName(room, lifeAt(meta, seq), Math.floor(seq / HIDDEN_SPAN))
      for (const name of new Set(seqs.map(nameOf))) {
        const inSpan = seqs.filter((seq) => nameOf(seq) === name).map((seq) => seq % HIDDEN_SPAN)
        await notebook.change(name, hiddenPage, (old) => {
          const bytes = Math.max(old?.bits.length ?? 0, ...inSpan.map((seq) => (seq >> 3) + 1))
          const bits = new Uint8Array(bytes)
          bits.set(old?.bits ?? [])
          for (const seq of inSpan) bits[seq >> 3] = (bits[seq >> 3] ?? 0) | (1 << (seq & 7))
          return { v: 1, bits }
        })
      }
      await hide(room, seqs)
    },
    /** After something of a room was stored: what was deleted elsewhere before it came here. */
    taken({ meta }: RoomState): void {
      const waiting = ahead.get(meta.room)
      if (!waiting?.seqs.some((seq) => seq <= meta.seq)) return
      const noted = { incarnation: meta.incarnation, life: waiting.life }
      const there = waiting.seqs.filter((seq) => !isLost({ ...noted, seq }, meta.life))
      void hide(meta.room, there).catch(onFailure)
    },

    favourite: (room: Id, incarnation: number, seq: number): boolean =>
      places.get(favouriteName(room, incarnation, seq))?.on ?? false,
    /** `copy`: the message, where it is to be kept. */
    async setFavourite(
      place: Pick<FavouriteRecord, "room" | "incarnation" | "seq">,
      copy: FavouriteRecord | undefined,
    ): Promise<Result<null, Problem>> {
      const on = copy !== undefined
      if (on && all.filter((one) => one.on).length >= FAVOURITES_MAX) return err({ kind: "storage_full" })
      const { room, incarnation, seq } = place
      const name = favouriteName(room, incarnation, seq)
      if (copy) await notebook.change(name, favouritePage, () => copy)
      await notebook.change(FAVOURITES, favouritesPage, (old) => {
        const others = (old?.all ?? []).filter(
          (one) => one.room !== room || one.incarnation !== incarnation || one.seq !== seq,
        )
        return { v: 1, all: shortened([...others, { room, incarnation, seq, at: clock(), on }]) }
      })
      copies.delete(name)
      await readFavourites()
      changes.emit(topics.room(room))
      return ok(null)
    },
    /** Newest first: only their names, for whoever reads them one by one (`copyOf`) and holds none. */
    names: (): readonly string[] =>
      all
        .filter((one) => one.on)
        .sort((a, b) => b.at - a.at)
        .map(({ room, incarnation, seq }) => favouriteName(room, incarnation, seq)),
    async copyOf(id: string): Promise<KeptCopy | undefined> {
      const place = places.get(id)
      const copy = place?.on ? (copies.get(id) ?? (await notebook.get(id, favouritePage))) : undefined
      return place && copy && { id, at: place.at, copy }
    },
    /** Newest first. */
    async favourites(): Promise<readonly KeptCopy[]> {
      const kept = all.filter((one) => one.on).sort((a, b) => b.at - a.at)
      const found = []
      for (const { room, incarnation, seq, at } of kept) {
        const id = favouriteName(room, incarnation, seq)
        const copy = copies.get(id) ?? (await notebook.get(id, favouritePage))
        if (!copy) continue
        copies.set(id, copy)
        found.push({ id, at, copy })
      }
      return found
    },

    /** After another device's news. */
    async reload(): Promise<void> {
      copies.clear()
      await readFavourites()
      for (const actor of rooms.all()) {
        const seqs = await hiddenIn(actor.state())
        if (seqs.length > 0) await hide(actor.room, seqs)
      }
    },
  }
}
