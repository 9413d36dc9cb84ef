/** Web Push subscriptions. Statements that SQLite and MySQL 8 both accept (see 0001-accounts.ts). */
export const push: readonly string[] = [
  `CREATE TABLE push_subscription (
    device_id VARBINARY(16) NOT NULL PRIMARY KEY,
    user_id VARBINARY(16) NOT NULL,
    endpoint VARBINARY(1024) NOT NULL,
    created BIGINT NOT NULL
  )`,
]
