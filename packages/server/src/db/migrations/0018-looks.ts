/**
 * What each username looks like (docs/decisions/40-names-that-look-alike.md), also of accounts that are gone. look: SHA-256 of the skeleton of
 * UTS #39. Several names may have one look where they are older than this table. Statements that SQLite and MySQL 8 both accept.
 */
export const looks: readonly string[] = [
  `CREATE TABLE name_look (
    look VARBINARY(32) NOT NULL,
    name VARBINARY(128) NOT NULL,
    PRIMARY KEY (look, name)
  )`,
  "CREATE UNIQUE INDEX name_look_name ON name_look (name)",
]
