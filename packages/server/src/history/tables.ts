/** Types of the tables in db/migrations/0007-history.ts, where the reasons stand. */
import type { Generated } from "kysely"

type Bytes = Uint8Array

export type HistoryTables = {
  history_account: { user_id: Bytes; position: number; used: number; segments: number }
  history_segment: {
    user_id: Bytes
    room_id: Bytes
    incarnation: number
    segment: number
    version: number
    generation: number
    bytes: number
    position: number
    replaced: number
    whole_from: Generated<number>
    whole_to: Generated<number>
    whole_again: Generated<Bytes | null>
  }
  history_body: {
    user_id: Bytes
    room_id: Bytes
    incarnation: number
    segment: number
    version: number
    generation: number
    sealed: Bytes
  }
}
