/**
 * An import's blocks, written and deleted. A line is an entry whose content is a bundle of one item: the form in which things are retold
 * (content/bundle.ts), which nobody can edit, answer or recall. It goes through the same door as a block that the house has kept
 * (room/restore.ts), and from there to the house and to one's other devices like any history.
 */
import { concat } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import type { AnyFile } from "../content/file.ts"
import { encodeContent } from "../content/message.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { blocksGone, SEGMENT } from "../history/history.ts"
import { unsafeWrites } from "../history/unsafe.ts"
import type { Home } from "../home.ts"
import type { ImportOf } from "../view/port/imports.ts"
import { blocksOf, type ImportHead, isSameImport } from "./imports.ts"
import { IMPORTED_INCARNATION, stretchFor } from "./place.ts"

/** Nobody in the house has said it. */
const NOBODY = idFrom(new Uint8Array(16))
const NO_HASH = new Uint8Array(32)

export type LineToKeep = {
  readonly name: string
  readonly at: number
  readonly text: string
  readonly file?: AnyFile
}

/** As it will stand in the notebook. An export that was deleted and is imported again has blocks of its own: what was deleted stays so. */
export function headOf(home: Pick<Home, "imports" | "clock">, of: ImportOf): ImportHead {
  const known = home.imports.known()
  const before = known.find((one) => isSameImport(one, of))
  if (before?.on) return before
  const round = before ? before.round + 1 : 0
  const taken = (base: number) =>
    known.some((one) => one.room === of.room && one.base === base && !isSameImport(one, of))
  const base = stretchFor(of.first, sha256(concat(of.digest, Uint8Array.of(round))), taken)
  return { ...of, round, base, at: home.clock(), on: true }
}

/** Whether this device has all of its blocks: the notebook's word for it may have come from another one, or be older than a lost disk. */
export async function isWhole({ store }: Pick<Home, "store">, { room, base, lines }: ImportHead) {
  const from = base * SEGMENT
  const where = { room, incarnation: IMPORTED_INCARNATION }
  return (await blocksGone(store, where, { from, to: from + lines - 1 })).length === 0
}

/** Whether deleting it was begun: the first block is emptied first. */
export async function isEmptied({ history }: Pick<Home, "history">, { room, base }: ImportHead) {
  const [first] = await history.block(room, IMPORTED_INCARNATION, base)
  return first?.item.type === "gone"
}

/** The `n`-th 256 lines of it. The same again changes nothing. Rejects where the device cannot store them. */
export async function writeBlock(
  home: Pick<Home, "rooms" | "account">,
  { room, base }: ImportHead,
  n: number,
  lines: readonly LineToKeep[],
): Promise<void> {
  const number = base + n
  const entries = lines.map((line, i): HistoryEntry => {
    const seq = number * SEGMENT + i
    return {
      ...{ seq, generation: 0, kind: 0, device: NOBODY, n: 0, time: line.at, hash: NO_HASH },
      user: home.account.user,
      item: {
        type: "content",
        bytes: encodeContent({ kind: "bundle", title: "", items: [line] }, { seq: 0, hash: NO_HASH }),
      },
    }
  })
  await restored(home, room, number, entries)
}

/** All of it, on all devices: what is left are tombstones, which no other device's copy undoes. Rejects like `writeBlock`. */
export async function emptyBlocks(home: Pick<Home, "rooms" | "history">, head: ImportHead): Promise<void> {
  for (const number of blocksOf(head)) {
    const here = await home.history.block(head.room, IMPORTED_INCARNATION, number)
    const lines = Math.min(SEGMENT, head.lines - (number - head.base) * SEGMENT)
    const entries = Array.from({ length: lines }, (_, i): HistoryEntry => {
      const seq = number * SEGMENT + i
      const known = here.find((one) => one.seq === seq)
      const bare = { generation: 0, kind: 0 as const, device: NOBODY, n: 0, time: head.first, hash: NO_HASH }
      return { ...(known ?? { seq, ...bare }), item: { type: "gone", why: "deleted" } }
    })
    await restored(home, head.room, number, entries)
  }
}

async function restored(
  { rooms }: Pick<Home, "rooms">,
  room: Id,
  number: number,
  entries: readonly HistoryEntry[],
) {
  const place = { incarnation: IMPORTED_INCARNATION, number }
  const also = unsafeWrites(room, IMPORTED_INCARNATION, [number])
  await rooms.get(room)?.place(place, { entries, marks: new Map() }, also)
}
