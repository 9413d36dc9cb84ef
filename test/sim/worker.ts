/** Runs the seeds that it is told, one after another. The machine's globals go first. */
import "./world/globals.ts"
import { parentPort, workerData } from "node:worker_threads"
import { run } from "./run.ts"

const { real, trace } = workerData as { readonly real: boolean; readonly trace: boolean }
const port = parentPort
if (!port) throw new Error("main.ts starts this")

const note = (at: number, line: string) =>
  port.postMessage({ line: `${(at / 1000).toFixed(3).padStart(9)} ${line}` })

port.on("message", (seed: number) => {
  void run(seed, { real, ...(trace ? { note } : {}) }).then((outcome) => port.postMessage({ outcome }))
})
