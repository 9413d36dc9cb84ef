/**
 * More stretches without a gap in one block of a history: somebody has left the room in it and come back (room/writes/retain.ts). Two bytes for
 * each, from and to, counted from the block's first position. Statements that SQLite and MySQL 8 both accept.
 */
export const cameBack: readonly string[] = [
  "ALTER TABLE history_segment ADD COLUMN whole_again VARBINARY(32)",
]
