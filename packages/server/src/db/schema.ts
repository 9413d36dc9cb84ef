/** Every table, as Kysely sees it. Each family's types stand beside the code that owns it. */
import type { Kysely } from "kysely"
import type { AccountTables } from "../account/tables.ts"
import type { AdminTables } from "../admin/tables.ts"
import type { BackupTables } from "../backup/tables.ts"
import type { BlobTables } from "../blob/tables.ts"
import type { BotTables } from "../bot/tables.ts"
import type { HistoryTables } from "../history/tables.ts"
import type { KeyLogTables } from "../key-log/tables.ts"
import type { PushTables } from "../push/tables.ts"
import type { RoomTables } from "../room/tables.ts"

export type Schema = AccountTables &
  AdminTables &
  BackupTables &
  BlobTables &
  BotTables &
  HistoryTables &
  KeyLogTables &
  PushTables &
  RoomTables &
  OwnTables

type OwnTables = {
  migration: { id: number; name: string; applied: number }
  group_mark: { node: Uint8Array; n: number; time: number }
}

/** What a write function is given: inside a transaction that it neither opens nor ends. */
export type WriteDb = Kysely<Schema>
