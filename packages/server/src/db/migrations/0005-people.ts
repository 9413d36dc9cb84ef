/** The black list, and the names of accounts that were deleted. */
export const people: readonly string[] = [
  `CREATE TABLE block (
    user_id VARBINARY(16) NOT NULL,
    peer_id VARBINARY(16) NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (user_id, peer_id)
  )`,
  `CREATE INDEX block_peer ON block (peer_id)`,

  // Nobody gets such a name again: others know somebody by it. It is all that is kept of an account.
  `CREATE TABLE departed (
    name VARBINARY(128) NOT NULL PRIMARY KEY,
    time BIGINT NOT NULL
  )`,
]
