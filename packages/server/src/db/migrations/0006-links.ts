/** Join links. Statements that SQLite and MySQL 8 both accept (see 0001-accounts.ts). */
export const links: readonly string[] = [
  // Which links there are and what each may is in the room's policy, not here. The row of one that is no longer there stays,
  // so that whoever comes too late is told why.
  `CREATE TABLE join_link (
    room_id VARBINARY(16) NOT NULL,
    link_id VARBINARY(16) NOT NULL,
    preview MEDIUMBLOB NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (room_id, link_id)
  )`,

  // One for each person and room, until they are in it. declined: 0 waiting, 1 declined, by which asking again ends.
  `CREATE TABLE join_request (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    room_id VARBINARY(16) NOT NULL,
    user_id VARBINARY(16) NOT NULL,
    link_id VARBINARY(16) NOT NULL,
    device_id VARBINARY(16) NOT NULL,
    key_package MEDIUMBLOB NOT NULL,
    key_package_ref VARBINARY(32) NOT NULL,
    signature VARBINARY(64) NOT NULL,
    declined INT NOT NULL,
    created BIGINT NOT NULL
  )`,
  `CREATE UNIQUE INDEX join_request_room ON join_request (room_id, user_id)`,
  `CREATE INDEX join_request_user ON join_request (user_id)`,
]
