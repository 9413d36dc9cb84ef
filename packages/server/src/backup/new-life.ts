/**
 * What is done to the rows of a backup before a house is opened on them: the log's next life (SECURITY R5). What was written after
 * the backup is lost to the house and not to its people, so nothing may be taken for what it was: rooms go on in a new incarnation,
 * with a signed statement up to where they are as they were; and what was good for one use is not used again.
 */
import type { DatabaseSync } from "node:sqlite"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { roomIncarnationToSign } from "@teahouse/protocol/incarnation.ts"
import { migrate } from "../db/migrate.ts"
import { migrations } from "../db/migrations/migrations.ts"
import { sqliteTarget } from "../db/node-sqlite.ts"
import { type HouseFile, houseOf, nextLife } from "../house/house.ts"

export type NewLifeOptions = {
  readonly time: number
  /** Everybody signs in again. */
  readonly signOut: boolean
}

const MINUTE_MS = 60_000

/**
 * The lives are numbered by the minute: who restores the same backup twice, or an older one after a newer one, begins a life that
 * no client has seen before. (The next number after the backup's would be given twice.)
 */
export const nextIncarnation = (last: number, time: number): number =>
  Math.max(last + 1, Math.floor(time / MINUTE_MS))

/** The house as its file is to be; the rows are changed in one transaction. */
export async function beginNewLife(
  db: DatabaseSync,
  old: HouseFile,
  { time, signOut }: NewLifeOptions,
): Promise<HouseFile> {
  await migrate(sqliteTarget(db), migrations, time)
  const row = db.prepare("SELECT incarnation FROM house").get()
  const last = Math.max(Number(row?.incarnation), old.statement.incarnation)
  const incarnation = nextIncarnation(last, time)
  const next = nextLife(old, incarnation, time)
  const house = houseOf(next)

  db.exec("BEGIN IMMEDIATE")
  const say = db.prepare(
    "INSERT INTO room_incarnation (room_id, incarnation, previous, seq, hash, time, signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
  )
  for (const { id, incarnation: previous, seq, hash } of db
    .prepare("SELECT id, incarnation, seq, hash FROM room")
    .all() as { id: Uint8Array; incarnation: number; seq: number; hash: Uint8Array }[]) {
    const said = { incarnation, previous, seq, hash, time }
    const signature = house.sign(roomIncarnationToSign(house.id, idFrom(id), said))
    say.run(id, incarnation, previous, seq, hash, time, signature)
  }
  db.prepare("UPDATE room SET incarnation = ?").run(incarnation)
  db.prepare("UPDATE house SET incarnation = ?").run(incarnation)
  // As if each had been handed out, which it may have been: its hash stays, so that its device cannot publish it again either.
  db.exec("UPDATE key_package SET body = NULL WHERE last_resort = 0")
  db.exec("DELETE FROM pending_login; DELETE FROM backup; DELETE FROM group_mark")
  if (signOut) db.exec("DELETE FROM session")
  db.exec("COMMIT")
  return next
}
