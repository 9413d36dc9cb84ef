/** Backups and what follows from one that was restored (docs/decisions/26-backup.md). Statements that SQLite and MySQL 8 both accept. */
export const backups: readonly string[] = [
  // A backup that is being taken, by another program: while there is one, no blob's bytes are removed. until: ms UTC, told
  // again and again, so that one that was killed holds nothing for long.
  `CREATE TABLE backup (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
  )`,

  // What the house says of a room whose log was restored, signed (protocol/incarnation.ts). A row for each time.
  `CREATE TABLE room_incarnation (
    room_id VARBINARY(16) NOT NULL,
    incarnation INT NOT NULL,
    previous INT NOT NULL,
    seq BIGINT NOT NULL,
    hash VARBINARY(32) NOT NULL,
    time BIGINT NOT NULL,
    signature VARBINARY(64) NOT NULL,
    PRIMARY KEY (room_id, incarnation)
  )`,
]
