/**
 * Rooms and their logs. Statements that SQLite and MySQL 8 both accept (see 0001-accounts.ts).
 *
 * `entry` has its key beside the rows in SQLite (a rowid table), not inside: clustered by (room, seq), entries of many
 * rooms that arrive interleaved cost two to three times as much. InnoDB clusters by the primary key in any case.
 */
export const rooms: readonly string[] = [
  // Which house and which life of its log this database belongs to; one row.
  `CREATE TABLE house (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    incarnation INT NOT NULL
  )`,

  // kind: 0 direct, 1 group, 2 self. state: 0 pending, 1 open, 2 frozen. seq, hash, time: of the last entry that this
  // row and those of room_device know of; there may be some messages after it (room/tail.ts). epoch_seq,
  // epoch_time: of the commit that made the current epoch. leaving: leaves that wait to be removed.
  `CREATE TABLE room (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    kind INT NOT NULL,
    state INT NOT NULL,
    incarnation INT NOT NULL,
    generation INT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash VARBINARY(32) NOT NULL,
    time BIGINT NOT NULL,
    leaves INT NOT NULL,
    leaving INT NOT NULL,
    epoch_seq BIGINT NOT NULL,
    epoch_time BIGINT NOT NULL,
    maker VARBINARY(16) NOT NULL
  )`,

  // body_hash is filled in when the body goes: it can be computed for as long as the body is there.
  `CREATE TABLE entry (
    room_id VARBINARY(16) NOT NULL,
    seq BIGINT NOT NULL,
    incarnation INT NOT NULL,
    generation INT NOT NULL,
    kind INT NOT NULL,
    device_id VARBINARY(16) NOT NULL,
    n BIGINT NOT NULL,
    time BIGINT NOT NULL,
    body MEDIUMBLOB NULL,
    body_hash VARBINARY(32) NULL,
    hash VARBINARY(32) NOT NULL,
    PRIMARY KEY (room_id, seq)
  )`,

  // The roster, a fold of commits and notices, and in the same row where the device stands as a sender, so that a send
  // reads and writes one row. member: 0 gone, 1 in the room, 2 about to be removed. since, until: what it may read;
  // until = 0 while it is in. n: the last number used; its answer is this device's entries from_seq to seq.
  // A row stays after its device: its numbers must never be used again.
  `CREATE TABLE room_device (
    room_id VARBINARY(16) NOT NULL,
    device_id VARBINARY(16) NOT NULL,
    user_id VARBINARY(16) NOT NULL,
    member INT NOT NULL,
    leaf INT NOT NULL,
    signature_key VARBINARY(32) NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    n BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    from_seq BIGINT NOT NULL,
    PRIMARY KEY (room_id, device_id)
  )`,
  `CREATE INDEX room_device_user ON room_device (user_id, room_id)`,
  `CREATE INDEX room_device_device ON room_device (device_id)`,

  // GroupInfo and welcome of an epoch, once for all whom it adds: kept while current or while a welcome needs it.
  `CREATE TABLE room_epoch (
    room_id VARBINARY(16) NOT NULL,
    generation INT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash VARBINARY(32) NOT NULL,
    incarnation INT NOT NULL,
    group_info MEDIUMBLOB NOT NULL,
    welcome MEDIUMBLOB NULL,
    PRIMARY KEY (room_id, generation, epoch)
  )`,
  `CREATE TABLE welcome (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    device_id VARBINARY(16) NOT NULL,
    room_id VARBINARY(16) NOT NULL,
    generation INT NOT NULL,
    epoch BIGINT NOT NULL,
    from_device VARBINARY(16) NOT NULL,
    time BIGINT NOT NULL
  )`,
  `CREATE INDEX welcome_device ON welcome (device_id, time)`,
  `CREATE INDEX welcome_epoch ON welcome (room_id, generation, epoch)`,

  // The newest one of each device.
  `CREATE TABLE attestation (
    room_id VARBINARY(16) NOT NULL,
    device_id VARBINARY(16) NOT NULL,
    generation INT NOT NULL,
    epoch BIGINT NOT NULL,
    context VARBINARY(32) NOT NULL,
    confirmation_tag VARBINARY(64) NOT NULL,
    external_pub VARBINARY(256) NOT NULL,
    signature VARBINARY(64) NOT NULL,
    time BIGINT NOT NULL,
    PRIMARY KEY (room_id, device_id)
  )`,
]
