/**
 * History that the house keeps for accounts. Statements that SQLite and MySQL 8 both accept (see 0001-accounts.ts).
 *
 * Rejected: files beside the blobs. A segment's bytes and its version change together or not at all, and a copy of the database
 * is then a copy of the history too.
 */
export const history: readonly string[] = [
  // Counters, so that no write has to add up what is there. position: of the account's last change. used: bytes of all
  // current versions. segments: rows of history_segment, deleted ones included.
  `CREATE TABLE history_account (
    user_id VARBINARY(16) NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    used BIGINT NOT NULL,
    segments BIGINT NOT NULL
  )`,

  // One row for each segment, for ever: after a deletion with bytes = 0. The bytes themselves stand beside it, so that a
  // list does not read past them. replaced: when the version before this one was replaced, while that one is kept; else 0.
  `CREATE TABLE history_segment (
    user_id VARBINARY(16) NOT NULL,
    room_id VARBINARY(16) NOT NULL,
    incarnation BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    version BIGINT NOT NULL,
    generation INT NOT NULL,
    bytes INT NOT NULL,
    position BIGINT NOT NULL,
    replaced BIGINT NOT NULL,
    PRIMARY KEY (user_id, room_id, incarnation, segment)
  )`,
  `CREATE UNIQUE INDEX history_segment_position ON history_segment (user_id, position)`,
  `CREATE INDEX history_segment_replaced ON history_segment (replaced)`,

  // The current version and at most one before it.
  `CREATE TABLE history_body (
    user_id VARBINARY(16) NOT NULL,
    room_id VARBINARY(16) NOT NULL,
    incarnation BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    version BIGINT NOT NULL,
    generation INT NOT NULL,
    sealed MEDIUMBLOB NOT NULL,
    PRIMARY KEY (user_id, room_id, incarnation, segment, version)
  )`,
]
