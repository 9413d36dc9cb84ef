/**
 * `npm run sim -- --seeds N [--from S] [--real] [--jobs J] [--json]`: that many worlds, each from one seed; exit code 1 where one
 * broke a promise. `npm run sim -- --replay SEED [--real]`: one of them, step by step.
 */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { Worker } from "node:worker_threads"
import type { Outcome } from "./run.ts"

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    jobs: { type: "string", default: String(availableParallelism()) },
    real: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    replay: { type: "string" },
  },
})
const number = (name: string, text: string): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  console.error(`--${name} ${text}: 须为正整数。 / not a whole number above zero.`)
  process.exit(2)
}

const { real, replay } = values
const trace = replay !== undefined
const from = number(trace ? "replay" : "from", replay ?? values.from)
const count = trace ? 1 : number("seeds", values.seeds)
const jobs = Math.min(count, number("jobs", values.jobs))
const began = Date.now()
const outcomes: Outcome[] = []
let next = from

const told = ({ seed, place, weather, violation }: Outcome) =>
  `seed ${seed} (${place}; ${weather.join(", ") || "calm"}): ${violation}\n` +
  `  npm run sim -- --replay ${seed}${real ? " --real" : ""}`

function work(): Promise<void> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: { real, trace } })
    const hand = () => {
      if (next < from + count) worker.postMessage(next++)
      else void worker.terminate().then(() => done())
    }
    worker.on("error", failed)
    worker.on("message", (said: { readonly line?: string; readonly outcome?: Outcome }) => {
      if (said.line !== undefined) console.log(said.line)
      if (!said.outcome) return
      outcomes.push(said.outcome)
      if (said.outcome.violation) console.error(told(said.outcome))
      hand()
    })
    hand()
  })
}

await Promise.all(Array.from({ length: jobs }, work))
const sum = (of: (one: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0)
const found = {
  seeds: outcomes.length,
  steps: sum(({ steps }) => steps),
  entries: sum(({ entries }) => entries),
  violations: sum(({ violation }) => (violation ? 1 : 0)),
  seconds: Math.round((Date.now() - began) / 1000),
}
if (values.json) console.log(JSON.stringify({ ...found, outcomes: outcomes.sort((a, b) => a.seed - b.seed) }))
else console.log(JSON.stringify(found))
// Not `exit`: who reads through a pipe may not have all of it yet.
process.exitCode = found.violations > 0 ? 1 : 0
