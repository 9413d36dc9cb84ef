/** How far each node's writes have come (db/mysql-mark.ts). Statements that SQLite and MySQL 8 both accept. */
export const groupMarks: readonly string[] = [
  // node: of one opening of the database; n: its last group that was written; time: ms UTC.
  `CREATE TABLE group_mark (
    node VARBINARY(16) NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL,
    time BIGINT NOT NULL
  )`,
]
