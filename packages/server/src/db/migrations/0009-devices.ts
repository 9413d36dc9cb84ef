/** When a device was last here, and which are the account's no more. Statements that SQLite and MySQL 8 both accept. */
export const devices: readonly string[] = [
  "ALTER TABLE device ADD COLUMN seen BIGINT NOT NULL DEFAULT 0",
  // The account's signature over its revocation (protocol/revocation.ts).
  "ALTER TABLE device ADD COLUMN revocation VARBINARY(64)",
]
