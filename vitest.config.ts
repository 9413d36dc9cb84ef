/**
 * Four kinds of test, told apart by the end of the file's name, which says what they need:
 *   x.test.ts          pure, quick, in parallel
 *   x.mysql.test.ts    a MariaDB or MySQL server program
 *   x.serial.test.ts   real processes, a kill or many seconds of work: one file at a time, so that they do not starve
 *   x.browser.test.ts  Chromium: one file at a time
 * Groups run one after another (`groupOrder`), because the machine that runs them may have two cores.
 */
import { defineConfig } from "vitest/config"

const places = ["packages/*/src", "test", "scripts", "bench"]
const named = (kind: string) => places.map((place) => `${place}/**/*${kind}.test.{ts,tsx}`)
const special = [".mysql", ".serial", ".browser"]

const alone = (name: string, groupOrder: number, seconds: number) => ({
  extends: true as const,
  test: {
    name,
    include: named(`.${name}`),
    fileParallelism: false,
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    // How long something takes is bench's business: what a poll waits for only has to come.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder },
  },
})

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
          sequence: { groupOrder: 0 },
        },
      },
      alone("mysql", 1, 120),
      alone("serial", 2, 240),
      alone("browser", 3, 180),
    ],
  },
})
