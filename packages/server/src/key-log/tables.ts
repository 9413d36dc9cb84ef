/** Types of the table in db/migrations/0015-key-log.ts. */
export type KeyLogTables = {
  key_log: { user_id: Uint8Array; position: number; entry: Uint8Array }
}
