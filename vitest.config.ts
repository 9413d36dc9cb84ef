/**
 * Four kinds of test, told apart by the end of the file's name, which says what they need:
 *   x.test.ts          pure, quick, in parallel
 *   x.mysql.test.ts    a MariaDB or MySQL server program
 *                      (and the whole server's x.test.ts once more, on one: `house-on-mysql`)
 *   x.serial.test.ts   real processes, a kill or many seconds of work: two files at a time, for they mostly wait
 *   x.browser.test.ts  Chromium: two files at a time
 * Groups run one after another (`groupOrder`), because the machine that runs them may have two cores.
 */
import { tmpdir } from "node:os"
import { join } from "node:path"
import { defineConfig } from "vitest/config"
import { hasMariadb, mariadbUrl } from "./test/mariadb.ts"
import { PATIENCE } from "./test/patience.ts"

const places = ["packages/*/src", "test", "scripts", "bench", "examples"]
const named = (kind: string) => places.map((place) => `${place}/**/*${kind}.test.{ts,tsx}`)
const special = [".mysql", ".serial", ".browser"]

/** What a test on MariaDB asks of it, MySQL has to understand. */
const mysqlWords = ["test/mysql-words.setup.ts"]

/** `workers`: files at a time. `patience`: of a poll (ms). */
const alone = (
  name: string,
  groupOrder: number,
  seconds: number,
  {
    setupFiles = [],
    globalSetup = [],
    workers = 1,
    patience = 20_000,
  }: { setupFiles?: string[]; globalSetup?: string[]; workers?: number; patience?: number } = {},
) => ({
  extends: true as const,
  test: {
    name,
    setupFiles,
    globalSetup,
    include: named(`.${name}`),
    ...(workers === 1 ? { fileParallelism: false } : { maxWorkers: workers }),
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    // How long something takes is bench's business: what a poll waits for only has to come.
    expect: { poll: { timeout: patience } },
    sequence: { groupOrder },
  },
})

const houseOnMysql = {
  extends: true as const,
  test: {
    name: "house-on-mysql",
    include: ["packages/server/src/**/*.test.ts"],
    // What is SQLite's own, or has no database in it.
    exclude: [
      ...["**/node_modules/**", ...special.flatMap(named)],
      ...[
        "packages/server/src/db/sqlite.test.ts",
        "packages/server/src/socket/durable.test.ts",
        "packages/server/src/db/group-writer.test.ts",
      ],
      ...["packages/server/src/config.test.ts", "packages/server/src/config/**"],
      "packages/server/src/{blob/s3/{store,stub},db/copy-first}.test.ts",
    ],
    globalSetup: "test/mariadb.setup.ts",
    setupFiles: mysqlWords,
    env: { TEAHOUSE_TEST_MYSQL: mariadbUrl(join(tmpdir(), `teahouse-maria-${process.pid}`)) },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 2 },
  },
}

export default defineConfig({
  test: {
    pool: "forks",
    watch: false,
    passWithNoTests: true,
    restoreMocks: true,
    // As many as there are cores: vitest itself leaves one free, which on two cores is half of the machine.
    maxWorkers: "100%",
    exclude: ["**/node_modules/**", "**/dist/**"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: named(""),
          exclude: ["**/node_modules/**", "**/dist/**", ...special.flatMap(named)],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: { poll: { timeout: 20_000 } },
          sequence: { groupOrder: 0 },
        },
      },
      alone("mysql", 1, 120, { setupFiles: mysqlWords }),
      // Without one migrations.mysql.test.ts says by name that it lacks.
      ...(hasMariadb ? [houseOnMysql] : []),
      alone("serial", 3, 240, { workers: 2 }),
      alone("browser", 4, 180, { globalSetup: ["test/page.setup.ts"], workers: 2, patience: PATIENCE }),
    ],
  },
})
