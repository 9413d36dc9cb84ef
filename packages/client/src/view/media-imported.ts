/** What an import holds besides words, before what the chat itself holds (media.ts). */
import type { Home } from "../home.ts"
import type { ImportHead } from "../imported/imports.ts"
import { importedPlaces, itemsIn } from "./imported.ts"
import type { MessageItem } from "./port/messages.ts"

export type Wanted = {
  readonly heads: readonly ImportHead[]
  /** The items that count. */
  is(item: MessageItem): boolean
  readonly seq: number
  readonly count: number
  /** Blocks that are read at most. */
  readonly reach: number
}
/** `all`: nothing was left unread in this direction. */
type Found = { readonly items: readonly MessageItem[]; readonly all: boolean }
type Of = Pick<Home, "imports" | "history">

export async function importedMediaBefore(
  home: Of,
  { heads, is, seq, count, reach }: Wanted,
): Promise<Found> {
  const places = importedPlaces(heads).filter(({ first }) => first < seq)
  const items: MessageItem[] = []
  for (let left = reach; places.length > 0 && items.length < count && left > 0; left--) {
    const place = places.pop()
    if (place)
      items.unshift(...(await itemsIn(home, place)).filter((item) => is(item) && (item.seq ?? 0) < seq))
  }
  return { items, all: places.length === 0 }
}

export async function importedMediaFrom(home: Of, { heads, is, seq, count, reach }: Wanted): Promise<Found> {
  const places = importedPlaces(heads).filter(({ last }) => last >= seq)
  const items: MessageItem[] = []
  for (let left = reach; places.length > 0 && items.length < count && left > 0; left--) {
    const place = places.shift()
    if (place)
      items.push(...(await itemsIn(home, place)).filter((item) => is(item) && (item.seq ?? 0) >= seq))
  }
  return { items, all: places.length === 0 }
}
