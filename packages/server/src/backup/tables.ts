/** Types of the tables in db/migrations/0011-backups.ts, where the reasons stand. */
type Bytes = Uint8Array

export type BackupTables = {
  backup: { id: Bytes; until: number }
  room_incarnation: {
    room_id: Bytes
    incarnation: number
    previous: number
    seq: number
    hash: Bytes
    time: number
    signature: Bytes
  }
}
