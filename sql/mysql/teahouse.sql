-- Teahouse: database and tables for MySQL 8.0 or MariaDB 10.11 and newer.
-- 茶馆：在 MySQL 8.0、MariaDB 10.11 或更新版本上建立数据库和表。
-- Written by `node scripts/mysql-script.ts` from packages/server/src/db/migrations. 由程序生成，请勿手改。

CREATE DATABASE IF NOT EXISTS teahouse CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
USE teahouse;

CREATE TABLE IF NOT EXISTS migration (
  id INT NOT NULL PRIMARY KEY, name VARCHAR(64) NOT NULL, applied BIGINT NOT NULL);

-- 1 accounts
CREATE TABLE account (
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
);
CREATE UNIQUE INDEX account_name ON account (name);
CREATE TABLE account_key (
  user_id VARBINARY(16) NOT NULL,
  generation INT NOT NULL,
  sealed VARBINARY(1024) NOT NULL,
  PRIMARY KEY (user_id, generation)
);
CREATE TABLE device (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  user_id VARBINARY(16) NOT NULL,
  certificate VARBINARY(256) NOT NULL,
  signature_key VARBINARY(32) NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX device_user ON device (user_id);
CREATE TABLE session (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  token_hash VARBINARY(32) NOT NULL,
  user_id VARBINARY(16) NOT NULL,
  device_id VARBINARY(16) NULL,
  created BIGINT NOT NULL,
  fresh_until BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_user ON session (user_id);
CREATE TABLE invite (
  token_hash VARBINARY(32) NOT NULL PRIMARY KEY,
  admin INT NOT NULL,
  created BIGINT NOT NULL,
  used_by VARBINARY(16) NULL
);
CREATE TABLE key_package (
  device_id VARBINARY(16) NOT NULL,
  hash VARBINARY(32) NOT NULL,
  last_resort INT NOT NULL,
  body MEDIUMBLOB NULL,
  expires BIGINT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (device_id, hash)
);
CREATE TABLE contact (
  user_id VARBINARY(16) NOT NULL,
  peer_id VARBINARY(16) NOT NULL,
  state INT NOT NULL,
  room_id VARBINARY(16) NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (user_id, peer_id)
);
CREATE TABLE friend_request (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  open_pair VARBINARY(32) NULL,
  from_user VARBINARY(16) NOT NULL,
  from_device VARBINARY(16) NOT NULL,
  to_user VARBINARY(16) NOT NULL,
  room_id VARBINARY(16) NOT NULL,
  new_room INT NOT NULL,
  created BIGINT NOT NULL
);
CREATE UNIQUE INDEX friend_request_pair ON friend_request (open_pair);
CREATE INDEX friend_request_from ON friend_request (from_user, created);
CREATE INDEX friend_request_to ON friend_request (to_user, created);
CREATE TABLE first_line (
  request_id VARBINARY(16) NOT NULL,
  device_id VARBINARY(16) NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  PRIMARY KEY (request_id, device_id)
);
CREATE TABLE profile (
  user_id VARBINARY(16) NOT NULL PRIMARY KEY,
  version INT NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  time BIGINT NOT NULL
);
CREATE TABLE notebook (
  user_id VARBINARY(16) NOT NULL,
  id VARBINARY(32) NOT NULL,
  version INT NOT NULL,
  generation INT NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (user_id, id)
);
CREATE UNIQUE INDEX notebook_position ON notebook (user_id, position);
INSERT INTO migration (id, name, applied) VALUES (1, 'accounts', 0);

-- 2 rooms
CREATE TABLE house (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  incarnation INT NOT NULL
);
CREATE TABLE room (
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
);
CREATE TABLE entry (
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
);
CREATE TABLE room_device (
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
);
CREATE INDEX room_device_user ON room_device (user_id, room_id);
CREATE INDEX room_device_device ON room_device (device_id);
CREATE TABLE room_epoch (
  room_id VARBINARY(16) NOT NULL,
  generation INT NOT NULL,
  epoch BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  hash VARBINARY(32) NOT NULL,
  incarnation INT NOT NULL,
  group_info MEDIUMBLOB NOT NULL,
  welcome MEDIUMBLOB NULL,
  PRIMARY KEY (room_id, generation, epoch)
);
CREATE TABLE welcome (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  device_id VARBINARY(16) NOT NULL,
  room_id VARBINARY(16) NOT NULL,
  generation INT NOT NULL,
  epoch BIGINT NOT NULL,
  from_device VARBINARY(16) NOT NULL,
  time BIGINT NOT NULL
);
CREATE INDEX welcome_device ON welcome (device_id, time);
CREATE INDEX welcome_epoch ON welcome (room_id, generation, epoch);
CREATE TABLE attestation (
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
);
INSERT INTO migration (id, name, applied) VALUES (2, 'rooms', 0);

-- 3 blobs
CREATE TABLE blob_file (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  user_id VARBINARY(16) NOT NULL,
  token_hash VARBINARY(32) NOT NULL,
  size BIGINT NOT NULL,
  `stored` BIGINT NOT NULL,
  created BIGINT NOT NULL,
  loose BIGINT NOT NULL
);
CREATE INDEX blob_file_user ON blob_file (user_id);
CREATE INDEX blob_file_loose ON blob_file (loose);
CREATE TABLE blob_reference (
  blob_id VARBINARY(16) NOT NULL,
  room_id VARBINARY(16) NOT NULL,
  device_id VARBINARY(16) NOT NULL,
  n BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  time BIGINT NOT NULL,
  PRIMARY KEY (blob_id, room_id, device_id, n)
);
CREATE INDEX blob_reference_message ON blob_reference (room_id, device_id, n);
CREATE INDEX blob_reference_seq ON blob_reference (seq, time);
INSERT INTO migration (id, name, applied) VALUES (3, 'blobs', 0);

-- 4 push
CREATE TABLE push_subscription (
  device_id VARBINARY(16) NOT NULL PRIMARY KEY,
  user_id VARBINARY(16) NOT NULL,
  endpoint VARBINARY(1024) NOT NULL,
  created BIGINT NOT NULL
);
INSERT INTO migration (id, name, applied) VALUES (4, 'push', 0);

-- 5 people
CREATE TABLE block (
  user_id VARBINARY(16) NOT NULL,
  peer_id VARBINARY(16) NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (user_id, peer_id)
);
CREATE INDEX block_peer ON block (peer_id);
CREATE TABLE departed (
  name VARBINARY(128) NOT NULL PRIMARY KEY,
  time BIGINT NOT NULL
);
INSERT INTO migration (id, name, applied) VALUES (5, 'people', 0);

-- 6 links
CREATE TABLE join_link (
  room_id VARBINARY(16) NOT NULL,
  link_id VARBINARY(16) NOT NULL,
  preview MEDIUMBLOB NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (room_id, link_id)
);
CREATE TABLE join_request (
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
);
CREATE UNIQUE INDEX join_request_room ON join_request (room_id, user_id);
CREATE INDEX join_request_user ON join_request (user_id);
INSERT INTO migration (id, name, applied) VALUES (6, 'links', 0);

-- 7 history
CREATE TABLE history_account (
  user_id VARBINARY(16) NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  used BIGINT NOT NULL,
  segments BIGINT NOT NULL
);
CREATE TABLE history_segment (
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
);
CREATE UNIQUE INDEX history_segment_position ON history_segment (user_id, position);
CREATE INDEX history_segment_replaced ON history_segment (replaced);
CREATE TABLE history_body (
  user_id VARBINARY(16) NOT NULL,
  room_id VARBINARY(16) NOT NULL,
  incarnation BIGINT NOT NULL,
  segment BIGINT NOT NULL,
  version BIGINT NOT NULL,
  generation INT NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  PRIMARY KEY (user_id, room_id, incarnation, segment, version)
);
INSERT INTO migration (id, name, applied) VALUES (7, 'history', 0);

-- 8 recovery
ALTER TABLE session ADD COLUMN recovering INT NOT NULL DEFAULT 0;
INSERT INTO migration (id, name, applied) VALUES (8, 'recovery', 0);

-- 9 devices
ALTER TABLE device ADD COLUMN seen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN revocation VARBINARY(64);
INSERT INTO migration (id, name, applied) VALUES (9, 'devices', 0);

-- 10 nodes
CREATE TABLE pending_login (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  sealed VARBINARY(4096) NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX pending_login_expires ON pending_login (expires);
ALTER TABLE house ADD COLUMN push_key VARBINARY(65);
INSERT INTO migration (id, name, applied) VALUES (10, 'nodes', 0);

-- 11 backups
CREATE TABLE backup (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  until BIGINT NOT NULL
);
CREATE TABLE room_incarnation (
  room_id VARBINARY(16) NOT NULL,
  incarnation INT NOT NULL,
  previous INT NOT NULL,
  seq BIGINT NOT NULL,
  hash VARBINARY(32) NOT NULL,
  time BIGINT NOT NULL,
  signature VARBINARY(64) NOT NULL,
  PRIMARY KEY (room_id, incarnation)
);
INSERT INTO migration (id, name, applied) VALUES (11, 'backups', 0);

-- 12 administration
ALTER TABLE account ADD COLUMN disabled BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN must_recover INT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN file_quota BIGINT NULL;
ALTER TABLE invite ADD COLUMN uses INT NOT NULL DEFAULT 1;
ALTER TABLE invite ADD COLUMN used INT NOT NULL DEFAULT 0;
ALTER TABLE invite ADD COLUMN expires BIGINT NOT NULL DEFAULT 0;
ALTER TABLE invite ADD COLUMN revoked BIGINT NOT NULL DEFAULT 0;
UPDATE invite SET used = 1 WHERE used_by IS NOT NULL;
CREATE TABLE admin_act (
  seq BIGINT NOT NULL PRIMARY KEY,
  time BIGINT NOT NULL,
  by_name VARBINARY(128) NULL,
  act VARBINARY(32) NOT NULL,
  target VARBINARY(128) NOT NULL,
  detail VARBINARY(256) NOT NULL
);
INSERT INTO migration (id, name, applied) VALUES (12, 'administration', 0);

-- 14 bots
CREATE TABLE bot (
  user_id VARBINARY(16) NOT NULL PRIMARY KEY,
  owner_id VARBINARY(16) NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX bot_owner ON bot (owner_id);
CREATE TABLE bot_token (
  token_hash VARBINARY(32) NOT NULL PRIMARY KEY,
  owner_id VARBINARY(16) NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX bot_token_owner ON bot_token (owner_id);
INSERT INTO migration (id, name, applied) VALUES (14, 'bots', 0);

-- 15 key log
CREATE TABLE key_log (
  user_id VARBINARY(16) NOT NULL,
  position BIGINT NOT NULL,
  entry VARBINARY(256) NOT NULL,
  PRIMARY KEY (user_id, position)
);
INSERT INTO migration (id, name, applied) VALUES (15, 'key log', 0);

-- 16 group marks
CREATE TABLE group_mark (
  node VARBINARY(16) NOT NULL PRIMARY KEY,
  n BIGINT NOT NULL,
  time BIGINT NOT NULL
);
INSERT INTO migration (id, name, applied) VALUES (16, 'group marks', 0);

-- 17 retention
ALTER TABLE history_segment ADD COLUMN whole_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE history_segment ADD COLUMN whole_to BIGINT NOT NULL DEFAULT 0;
CREATE INDEX history_segment_room ON history_segment (room_id, segment);
CREATE TABLE room_retained (
  room_id VARBINARY(16) NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
INSERT INTO migration (id, name, applied) VALUES (17, 'retention', 0);

-- 18 looks
CREATE TABLE name_look (
  look VARBINARY(32) NOT NULL,
  name VARBINARY(128) NOT NULL,
  PRIMARY KEY (look, name)
);
CREATE UNIQUE INDEX name_look_name ON name_look (name);
INSERT INTO migration (id, name, applied) VALUES (18, 'looks', 0);

-- 19 came back
ALTER TABLE history_segment ADD COLUMN whole_again VARBINARY(32);
INSERT INTO migration (id, name, applied) VALUES (19, 'came back', 0);
