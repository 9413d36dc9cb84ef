/**
 * Worlds from seeds (run.ts): as many as TEAHOUSE_SIM_SEEDS says, each with its own people, words and mishaps. A seed that breaks
 * a promise is printed, with the command that shows it step by step.
 */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import type { Outcome } from "./run.ts"

const SEEDS = Number(process.env.TEAHOUSE_SIM_SEEDS ?? 200)
const REAL = 4
const main = fileURLToPath(new URL("main.ts", import.meta.url))

type Found = { readonly violations: number; readonly steps: number; readonly outcomes: readonly Outcome[] }

async function simulate(...args: string[]): Promise<Found> {
  const ran = promisify(execFile)(process.execPath, [main, "--json", ...args], { maxBuffer: 1 << 28 })
  // A broken promise is an exit code of 1: what was found stands in the output all the same.
  const { stdout } = await ran.catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }))
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Found
}
const broken = ({ outcomes }: Found, flag = "") =>
  outcomes.flatMap(({ seed, violation }) =>
    violation ? [`npm run sim -- --replay ${seed}${flag}: ${violation}`] : [],
  )

const minutes = 60_000
test(`${SEEDS} worlds keep what docs/contract.md promises`, { timeout: 30 * minutes }, async () => {
  const found = await simulate("--seeds", String(SEEDS))
  expect(broken(found)).toEqual([])
  expect(found.outcomes.length).toBe(SEEDS)
})

test("worlds with MLS in them do so too", { timeout: 10 * minutes }, async () => {
  const found = await simulate("--seeds", String(REAL), "--real")
  expect(broken(found, " --real")).toEqual([])
  expect(found.outcomes.length).toBe(REAL)
})

test.each([2735, 7197, 8049, 8913, 9471])("seed %i, which broke a promise once, keeps it", async (seed) => {
  expect(broken(await simulate("--seeds", "1", "--from", String(seed)))).toEqual([])
})

test("a seed is one run: in another process, in another order, step by step the same", async () => {
  const digests = ({ outcomes }: Found) =>
    outcomes.map(({ seed, steps, digest }) => ({ seed, steps, digest }))
  const together = digests(await simulate("--seeds", "6", "--from", "11", "--jobs", "2"))
  const alone = digests(await simulate("--seeds", "3", "--from", "14", "--jobs", "1"))
  expect(together.slice(3)).toEqual(alone)
  expect(new Set(together.map(({ digest }) => digest)).size).toBe(6)
})
