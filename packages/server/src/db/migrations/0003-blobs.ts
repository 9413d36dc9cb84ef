/**
 * Files' ciphertexts and what refers to them. Statements that SQLite and MySQL 8 both accept (see 0001-accounts.ts).
 */
export const blobs: readonly string[] = [
  // size: of the whole ciphertext; stored: how much of it is on stable storage; equal: finished. token_hash: SHA-256 of the
  // read token. loose: since when nothing refers to it, or when the upload last went on (ms); 0 while an entry refers to it.
  // `stored` is a word of MySQL's own: unless it is quoted, MySQL does not take it.
  `CREATE TABLE blob_file (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    user_id VARBINARY(16) NOT NULL,
    token_hash VARBINARY(32) NOT NULL,
    size BIGINT NOT NULL,
    \`stored\` BIGINT NOT NULL,
    created BIGINT NOT NULL,
    loose BIGINT NOT NULL
  )`,
  `CREATE INDEX blob_file_user ON blob_file (user_id)`,
  `CREATE INDEX blob_file_loose ON blob_file (loose)`,

  // A message is named by its device and number, which are known before it has a place: the reference is written before
  // the message is appended. seq: its place; 0 until the append was answered.
  `CREATE TABLE blob_reference (
    blob_id VARBINARY(16) NOT NULL,
    room_id VARBINARY(16) NOT NULL,
    device_id VARBINARY(16) NOT NULL,
    n BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    time BIGINT NOT NULL,
    PRIMARY KEY (blob_id, room_id, device_id, n)
  )`,
  `CREATE INDEX blob_reference_message ON blob_reference (room_id, device_id, n)`,
  `CREATE INDEX blob_reference_seq ON blob_reference (seq, time)`,
]
