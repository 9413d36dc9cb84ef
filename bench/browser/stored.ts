/**
 * When lines of chats are in the browser's own store, whether or not anybody has opened them. Values there are sealed; that a block is there, and from
 * which position on, its key says (history/history.ts): `segment/ROOM/LIFE/BLOCK` is whole, `tail/ROOM/LIFE/BLOCK/FIRST` goes from FIRST to what
 * is newest.
 */
import { SEGMENT } from "@teahouse/client/history/history.ts"
import { numberKey } from "@teahouse/client/store/port.ts"
import type { Page } from "playwright-core"

/** Lines of a chat, by their positions in its log, without gaps between. */
export type Lines = { readonly room: string; readonly first: number; readonly last: number }

const LOOK_MS = 50

/** A block, and the position that has to be in it. */
type Wanted = { readonly room: string; readonly block: string; readonly first: string }

/** Resolves when all of them are there. */
export async function untilStored(page: Page, lines: readonly Lines[]): Promise<void> {
  const wanted = lines.flatMap(({ room, first, last }): Wanted[] => {
    const [from, to] = [Math.floor(first / SEGMENT), Math.floor(last / SEGMENT)]
    return Array.from({ length: to - from + 1 }, (_, i) => from + i).map((block) => ({
      ...{ room, block: numberKey(block), first: numberKey(Math.max(first, block * SEGMENT)) },
    }))
  })
  await page.evaluate(
    async ({ wanted: open, ms }) => {
      const keysOf = (name: string) =>
        new Promise<string[]>((resolve, reject) => {
          const opening = indexedDB.open(name)
          opening.onerror = () => reject(opening.error)
          opening.onsuccess = () => {
            const db = opening.result
            const close = (keys: string[]) => {
              db.close()
              resolve(keys)
            }
            if (!db.objectStoreNames.contains("records")) return close([])
            const asking = db
              .transaction("records")
              .objectStore("records")
              .getAllKeys(IDBKeyRange.bound("segment/", "tail/\uffff"))
            asking.onsuccess = () => close(asking.result as string[])
            asking.onerror = () => reject(asking.error)
          }
        })
      for (let left = open; left.length > 0; await new Promise((next) => setTimeout(next, ms))) {
        const names = (await indexedDB.databases()).map(({ name }) => name ?? "")
        const keys = (await Promise.all(names.filter((name) => /^teahouse-/.test(name)).map(keysOf))).flat()
        const parts = keys.map((key) => key.split("/"))
        left = left.filter(
          ({ room, block, first }) =>
            !parts.some(
              ([kind, where, , number, from = ""]) =>
                where === room &&
                number === block &&
                (kind === "segment" || (kind === "tail" && from <= first)),
            ),
        )
      }
    },
    { wanted, ms: LOOK_MS },
  )
}
