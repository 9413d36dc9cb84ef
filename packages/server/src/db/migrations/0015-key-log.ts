/** Each account's key log (protocol/key-log.ts; docs/decisions/34-key-log.md). Statements that SQLite and MySQL 8 both accept. */
export const keyLog: readonly string[] = [
  // position: 1, 2, 3 … An account of before has none until it signs in again.
  `CREATE TABLE key_log (
    user_id VARBINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    entry VARBINARY(256) NOT NULL,
    PRIMARY KEY (user_id, position)
  )`,
]
