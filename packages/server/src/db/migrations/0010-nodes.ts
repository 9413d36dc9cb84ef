/** What several nodes have in common (docs/decisions/25-several-nodes.md). Statements that SQLite and MySQL 8 both accept. */
export const nodes: readonly string[] = [
  // Logins between their two requests, which may come to two nodes; sealed under a key of the house, so that a copy of the
  // database opens none. expires: ms UTC.
  `CREATE TABLE pending_login (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    sealed VARBINARY(4096) NOT NULL,
    expires BIGINT NOT NULL
  )`,
  "CREATE INDEX pending_login_expires ON pending_login (expires)",
  // By which browsers' subscriptions know this house: nodes with different ones could not wake each other's devices.
  "ALTER TABLE house ADD COLUMN push_key VARBINARY(65)",
]
