/** What an administrator changes, and what is written down of it (docs/decisions/32-administration.md). Statements that SQLite and MySQL 8 both accept. */
export const administration: readonly string[] = [
  // Since when the account may not be used (ms UTC); 0: it may.
  "ALTER TABLE account ADD COLUMN disabled BIGINT NOT NULL DEFAULT 0",
  // 1: the password opens nothing until the recovery code has set a new one.
  "ALTER TABLE account ADD COLUMN must_recover INT NOT NULL DEFAULT 0",
  // Bytes of ciphertext that the account may have; NULL: what the configuration says.
  "ALTER TABLE account ADD COLUMN file_quota BIGINT NULL",

  // uses: how many accounts it makes; used: how many it has made, the last of them used_by. expires, revoked: ms UTC; 0: never.
  "ALTER TABLE invite ADD COLUMN uses INT NOT NULL DEFAULT 1",
  "ALTER TABLE invite ADD COLUMN used INT NOT NULL DEFAULT 0",
  "ALTER TABLE invite ADD COLUMN expires BIGINT NOT NULL DEFAULT 0",
  "ALTER TABLE invite ADD COLUMN revoked BIGINT NOT NULL DEFAULT 0",
  "UPDATE invite SET used = 1 WHERE used_by IS NOT NULL",

  // A row for each act, written in the act's own transaction. by_name: NULL for the command line of the house's own machine.
  // target: a username, or an invitation's id as text. Usernames, which are nobody else's ever: they are all that stays of a
  // deleted account anyway, so the log can keep saying who. detail: figures as JSON, never content.
  `CREATE TABLE admin_act (
    seq BIGINT NOT NULL PRIMARY KEY,
    time BIGINT NOT NULL,
    by_name VARBINARY(128) NULL,
    act VARBINARY(32) NOT NULL,
    target VARBINARY(128) NOT NULL,
    detail VARBINARY(256) NOT NULL
  )`,
]
