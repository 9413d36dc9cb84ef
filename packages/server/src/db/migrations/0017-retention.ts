/** What may go from the log, and how far it has gone (room/retention.ts). Statements that SQLite and MySQL 8 both accept. */
export const retention: readonly string[] = [
  // What the device that wrote it says of what is sealed: it holds these positions without a gap. 0: it says nothing.
  "ALTER TABLE history_segment ADD COLUMN whole_from BIGINT NOT NULL DEFAULT 0",
  "ALTER TABLE history_segment ADD COLUMN whole_to BIGINT NOT NULL DEFAULT 0",
  "CREATE INDEX history_segment_room ON history_segment (room_id, segment)",
  // Up to where a room's messages have been let go.
  `CREATE TABLE room_retained (
    room_id VARBINARY(16) NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
  )`,
]
