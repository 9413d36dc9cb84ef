/**
 * Accounts, devices, contacts and what they keep. Statements that SQLite and MySQL 8 both accept: ids and hashes are
 * VARBINARY, names VARBINARY of their UTF-8 normal form (so that no collation can make two names one), times BIGINT in
 * milliseconds, sealed bytes MEDIUMBLOB.
 */
export const accounts: readonly string[] = [
  `CREATE TABLE account (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    name VARBINARY(128) NOT NULL,
    kind INT NOT NULL,
    admin INT NOT NULL,
    uik VARBINARY(32) NOT NULL,
    generation INT NOT NULL,
    record VARBINARY(1024) NOT NULL,
    stretch_memory INT NOT NULL,
    stretch_iterations INT NOT NULL,
    stretch_parallelism INT NOT NULL,
    vault_version INT NOT NULL,
    vault_key VARBINARY(32) NOT NULL,
    vault_key_signature VARBINARY(64) NOT NULL,
    root_by_password VARBINARY(512) NOT NULL,
    root_by_recovery VARBINARY(512) NOT NULL,
    recovery_key VARBINARY(32) NOT NULL,
    vault_keys VARBINARY(2048) NOT NULL,
    notebook_cursor BIGINT NOT NULL,
    created BIGINT NOT NULL
  )`,
  `CREATE UNIQUE INDEX account_name ON account (name)`,

  // The account's key generations, sealed to its vault key.
  `CREATE TABLE account_key (
    user_id VARBINARY(16) NOT NULL,
    generation INT NOT NULL,
    sealed VARBINARY(1024) NOT NULL,
    PRIMARY KEY (user_id, generation)
  )`,

  `CREATE TABLE device (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    user_id VARBINARY(16) NOT NULL,
    certificate VARBINARY(256) NOT NULL,
    signature_key VARBINARY(32) NOT NULL,
    created BIGINT NOT NULL
  )`,
  `CREATE INDEX device_user ON device (user_id)`,

  // Only the SHA-256 of a token is kept: who reads the table cannot sign in with it.
  `CREATE TABLE session (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    token_hash VARBINARY(32) NOT NULL,
    user_id VARBINARY(16) NOT NULL,
    device_id VARBINARY(16) NULL,
    created BIGINT NOT NULL,
    fresh_until BIGINT NOT NULL,
    expires BIGINT NOT NULL
  )`,
  `CREATE UNIQUE INDEX session_token ON session (token_hash)`,
  `CREATE INDEX session_user ON session (user_id)`,

  `CREATE TABLE invite (
    token_hash VARBINARY(32) NOT NULL PRIMARY KEY,
    admin INT NOT NULL,
    created BIGINT NOT NULL,
    used_by VARBINARY(16) NULL
  )`,

  // A package that was handed out leaves its hash behind (body NULL) until it would have expired, so that a client that
  // publishes again after a lost answer cannot make the house hand it out twice.
  `CREATE TABLE key_package (
    device_id VARBINARY(16) NOT NULL,
    hash VARBINARY(32) NOT NULL,
    last_resort INT NOT NULL,
    body MEDIUMBLOB NULL,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (device_id, hash)
  )`,

  `CREATE TABLE contact (
    user_id VARBINARY(16) NOT NULL,
    peer_id VARBINARY(16) NOT NULL,
    state INT NOT NULL,
    room_id VARBINARY(16) NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (user_id, peer_id)
  )`,

  // open_pair is the two user ids in order while the request waits, NULL once it is answered: its unique index is what
  // lets only one of two simultaneous requests win.
  `CREATE TABLE friend_request (
    id VARBINARY(16) NOT NULL PRIMARY KEY,
    open_pair VARBINARY(32) NULL,
    from_user VARBINARY(16) NOT NULL,
    from_device VARBINARY(16) NOT NULL,
    to_user VARBINARY(16) NOT NULL,
    room_id VARBINARY(16) NOT NULL,
    new_room INT NOT NULL,
    created BIGINT NOT NULL
  )`,
  `CREATE UNIQUE INDEX friend_request_pair ON friend_request (open_pair)`,
  `CREATE INDEX friend_request_from ON friend_request (from_user, created)`,
  `CREATE INDEX friend_request_to ON friend_request (to_user, created)`,

  `CREATE TABLE first_line (
    request_id VARBINARY(16) NOT NULL,
    device_id VARBINARY(16) NOT NULL,
    sealed MEDIUMBLOB NOT NULL,
    PRIMARY KEY (request_id, device_id)
  )`,

  `CREATE TABLE profile (
    user_id VARBINARY(16) NOT NULL PRIMARY KEY,
    version INT NOT NULL,
    sealed MEDIUMBLOB NOT NULL,
    time BIGINT NOT NULL
  )`,

  `CREATE TABLE notebook (
    user_id VARBINARY(16) NOT NULL,
    id VARBINARY(32) NOT NULL,
    version INT NOT NULL,
    generation INT NOT NULL,
    sealed MEDIUMBLOB NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (user_id, id)
  )`,
  `CREATE UNIQUE INDEX notebook_position ON notebook (user_id, position)`,
]
