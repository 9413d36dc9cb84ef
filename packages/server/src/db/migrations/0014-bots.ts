/** Whose a bot is (docs/decisions/36-bots.md). That an account is one stands in account.kind. Statements that SQLite and MySQL 8 both accept. */
export const bots: readonly string[] = [
  `CREATE TABLE bot (
    user_id VARBINARY(16) NOT NULL PRIMARY KEY,
    owner_id VARBINARY(16) NOT NULL,
    created BIGINT NOT NULL
  )`,
  "CREATE INDEX bot_owner ON bot (owner_id)",
  // Good for one registration each; a used one is gone. token_hash: SHA-256. expires: ms UTC.
  `CREATE TABLE bot_token (
    token_hash VARBINARY(32) NOT NULL PRIMARY KEY,
    owner_id VARBINARY(16) NOT NULL,
    expires BIGINT NOT NULL
  )`,
  "CREATE INDEX bot_token_owner ON bot_token (owner_id)",
]
