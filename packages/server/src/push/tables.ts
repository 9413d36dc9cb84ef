/** The rows of db/migrations/0004-push.ts as Kysely sees them. */
export type PushTables = {
  push_subscription: {
    device_id: Uint8Array
    user_id: Uint8Array
    /** UTF-8. */
    endpoint: Uint8Array
    created: number
  }
}
