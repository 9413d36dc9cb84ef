import { readFileSync } from "node:fs"
import { join } from "node:path"
import { migrations } from "@teahouse/server/db/migrations/migrations.ts"
import { expect, test } from "vitest"
import { foreignToMysql, statementsOf } from "./mysql-words.ts"

test.each([
  "INSERT INTO room (id) VALUES (?) RETURNING id",
  "delete from room where id = 1 returning *",
  "REPLACE INTO room (id) VALUES (1)\n  RETURNING id",
  "CREATE OR REPLACE TABLE room (id INT)",
  "CREATE OR REPLACE INDEX a ON room (id)",
  "CREATE INDEX IF NOT EXISTS a ON room (id)",
  "CREATE UNIQUE INDEX IF NOT EXISTS a ON room (id)",
  "CREATE TRIGGER IF NOT EXISTS a BEFORE INSERT ON room FOR EACH ROW SET @a = 1",
  "DROP INDEX IF EXISTS a ON room",
  "ALTER TABLE IF EXISTS room ADD a INT",
  "ALTER TABLE room ADD COLUMN IF NOT EXISTS a INT",
  "ALTER TABLE room DROP COLUMN IF EXISTS a",
  "CREATE SEQUENCE s START WITH 1",
  "SELECT NEXT VALUE FOR s",
  "SELECT NEXTVAL(s)",
  "SELECT * FROM room LIMIT 1 ROWS EXAMINED 100",
  "SELECT * FROM room ORDER BY id FETCH FIRST 3 ROWS ONLY",
  "SELECT * FROM room LIMIT 1 OFFSET 3 ROWS",
  "CREATE TABLE room (id INT) WITH SYSTEM VERSIONING",
  "SELECT * FROM room FOR SYSTEM_TIME ALL",
  "CREATE TABLE room (id INT, a DATE, b DATE, PERIOD FOR p (a, b))",
  "CREATE TABLE room (id UUID NOT NULL)",
  "CREATE TABLE room (address INET6)",
  "CREATE TABLE room (address INET4 NULL)",
  "SELECT JSON_DETAILED(a) FROM room",
  "SELECT json_value(a, '$.b') FROM room",
  "SELECT NVL(a, b) FROM room",
  "SELECT COLUMN_GET(a, 'b' AS INT) FROM room",
  "SELECT PASSWORD('a')",
  "CREATE TABLE room (id INT) ENGINE=Aria PAGE_CHECKSUM=1",
  "CREATE TABLE room (id INT) ENGINE = InnoDB PAGE_COMPRESSED=1",
  "CREATE TABLE room (id INT) ENGINE Aria",
  "CREATE TABLE room (a INT, b INT AS (a + 1) PERSISTENT)",
  "ALTER TABLE room ALTER INDEX a IGNORED",
  "CREATE TABLE room (a VARCHAR(9) COLLATE uca1400_ai_ci)",
  "CREATE TABLE room (a BLOB COMPRESSED)",
  "SELECT * FROM room FOR UPDATE WAIT 3",
  "EXECUTE IMMEDIATE 'SELECT 1'",
  "SET STATEMENT max_statement_time = 1 FOR SELECT 1",
  "BEGIN NOT ATOMIC SELECT 1; END",
  "ANALYZE FORMAT=JSON SELECT 1",
  "SELECT id FROM room EXCEPT SELECT id FROM entry",
  "VALUES (1), (2)",
  "INSERT INTO room (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUE(a)",
  "CREATE TABLE room (a VARCHAR(36) DEFAULT UUID())",
  "CREATE TABLE room (a TEXT NOT NULL DEFAULT 'x')",
  "SELECT a, COUNT(*) FROM room GROUP BY a DESC",
  "GRANT ALL ON room.* TO 'a'@'%' IDENTIFIED BY 'b'",
  "CREATE USER a IDENTIFIED VIA unix_socket",
  "SELECT /*M! 1 + */ 1",
  "CREATE TABLE room (rank INT)",
  "SELECT rank FROM room",
  "INSERT INTO rank (a) VALUES (1)",
  "CREATE TABLE groups (id INT)",
  "SELECT a AS `b`, system FROM room",
  "DELETE FROM room WHERE id IN (SELECT id FROM room WHERE a = 1)",
  "UPDATE `room` SET a = 1 WHERE EXISTS (SELECT 1 FROM entry JOIN `room` ON 1 = 1)",
])("refused: %s", (sql) => {
  expect(foreignToMysql(sql)).toEqual(expect.any(String))
})

test.each([
  "INSERT INTO room (id, a) VALUES (?, ?), (?, ?)",
  "INSERT INTO room (a) VALUES ('x RETURNING y', \"CREATE SEQUENCE\", 'it''s \\' RETURNING')",
  "SELECT `rank`, `returning`, r.rank FROM `groups` AS r -- RETURNING\n/* UUID */ # WAIT 3",
  "SELECT RANK() OVER (ORDER BY a) FROM room",
  "CREATE TABLE IF NOT EXISTS room (id INT NOT NULL PRIMARY KEY, a MEDIUMBLOB NULL DEFAULT NULL)",
  "CREATE TABLE room (a INT, b INT GENERATED ALWAYS AS (a + 1) STORED, c TIMESTAMP DEFAULT CURRENT_TIMESTAMP(3))",
  "CREATE TABLE room (a VARCHAR(36) DEFAULT (UUID()), b TEXT DEFAULT ('x'))",
  "DROP TABLE IF EXISTS room",
  "SELECT UUID(), IF(EXISTS(SELECT 1), 1, 2) FROM room WHERE NOT EXISTS (SELECT 1 FROM entry)",
  "SELECT INET6_ATON('::1')",
  "SELECT * FROM room WHERE id = 1 FOR UPDATE SKIP LOCKED",
  "SELECT a FROM room GROUP BY a ORDER BY a DESC LIMIT 1 OFFSET 3",
  "SELECT * FROM (SELECT a FROM room GROUP BY a) AS x ORDER BY a DESC",
  "DELETE FROM room WHERE id IN (SELECT room_id FROM entry)",
  "DELETE FROM room WHERE id IN (SELECT id FROM (SELECT id FROM room WHERE a = 1) AS x)",
  "SELECT GET_LOCK('teahouse.migrate', 60)",
  "CREATE USER 'a'@'%' IDENTIFIED BY 'b'",
])("taken: %s", (sql) => {
  expect(foreignToMysql(sql)).toBeUndefined()
})

test("the scripts and the migrations are MySQL's", () => {
  const script = readFileSync(join(import.meta.dirname, "..", "sql", "mysql", "teahouse.sql"), "utf8")
  const statements = [...statementsOf(script), ...migrations.flatMap((one) => one.statements)]
  expect(statements.length).toBeGreaterThan(2 * migrations.flatMap((one) => one.statements).length)
  for (const sql of statements) expect([sql, foreignToMysql(sql)]).toEqual([sql, undefined])
})
