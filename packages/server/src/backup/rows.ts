/** The rows of a house as a backup has them: one SQLite file, read for its mark and its counts. */
import { createHash } from "node:crypto"
import type { DatabaseSync } from "node:sqlite"
import { CHAIN_START, nextHash } from "@teahouse/protocol/chain.ts"
import { type EntryKind, entryKinds } from "@teahouse/protocol/entry.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { tablesOfSchema } from "../db/copy.ts"
import { hexOf, type Mark } from "./format.ts"

type Bytes = Uint8Array
const sha256 = (bytes: Bytes): Bytes => createHash("sha256").update(bytes).digest()

export const schemaOf = (db: DatabaseSync): number =>
  Number(db.prepare("SELECT MAX(id) AS id FROM migration").get()?.id ?? 0)

export function countRows(db: DatabaseSync): Record<string, number> {
  const there = new Set(
    db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map(({ name }) => name),
  )
  return Object.fromEntries(
    tablesOfSchema()
      .filter(({ name }) => there.has(name))
      .map(({ name }) => [name, Number(db.prepare(`SELECT COUNT(*) AS count FROM ${name}`).get()?.count)]),
  )
}

/** Where each room stands, in the order of their ids: a line each, `room incarnation generation seq hash`. */
export function markOf(db: DatabaseSync): Mark {
  const heads = createHash("sha256")
  let rooms = 0
  const rows = db.prepare("SELECT id, incarnation, generation, seq, hash FROM room ORDER BY id").iterate()
  for (const { id, incarnation, generation, seq, hash } of rows) {
    heads.update(`${hexOf(id as Bytes)} ${incarnation} ${generation} ${seq} ${hexOf(hash as Bytes)}\n`)
    rooms++
  }
  const entries = Number(db.prepare("SELECT COUNT(*) AS count FROM entry").get()?.count)
  return { rooms, entries, heads: heads.digest("hex") }
}

export type ChainBreak = { readonly room: Bytes; readonly seq: number }

/** The first place in each of these rooms where the log is not what its hashes say; at most `most` rooms. */
export function brokenChains(db: DatabaseSync, most: number): ChainBreak[] {
  const broken: ChainBreak[] = []
  const rooms = db.prepare("SELECT id, seq, hash FROM room ORDER BY id").all()
  const entries = db.prepare("SELECT * FROM entry WHERE room_id = ? ORDER BY seq")
  for (const { id, seq: end, hash: head } of rooms) {
    let [at, hash] = [0, CHAIN_START]
    for (const row of entries.iterate(id as Bytes)) {
      const body = row.body as Bytes | null
      const bodyHash = body ? sha256(body) : (row.body_hash as Bytes | null)
      const known = Object.values(entryKinds).includes(row.kind as EntryKind)
      if (row.seq !== at + 1 || !known || !bodyHash) break
      const link = {
        room: idFrom(id as Bytes),
        incarnation: row.incarnation as number,
        generation: row.generation as number,
        seq: row.seq,
        kind: row.kind as EntryKind,
        device: idFrom(row.device_id as Bytes),
        n: row.n as number,
        time: row.time as number,
        bodyHash,
      }
      const next = nextHash(hash, link, sha256)
      if (Buffer.compare(next, row.hash as Bytes) !== 0) break
      hash = next
      at++
    }
    const whole = at === end && Buffer.compare(hash, head as Bytes) === 0
    if (!whole && broken.push({ room: id as Bytes, seq: at + 1 }) === most) break
  }
  return broken
}

/** Files of which something is stored, in the order of their ids. */
export const storedFiles = (db: DatabaseSync): { readonly id: Bytes; readonly stored: number }[] =>
  db.prepare("SELECT id, stored FROM blob_file WHERE stored > 0 ORDER BY id").all() as never
