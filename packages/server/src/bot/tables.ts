/** Types of the tables in db/migrations/0014-bots.ts, where the reasons stand. */
type Bytes = Uint8Array

export type BotTables = {
  bot: { user_id: Bytes; owner_id: Bytes; created: number }
  bot_token: { token_hash: Bytes; owner_id: Bytes; expires: number }
}
