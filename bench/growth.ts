/**
 * What a cost does as the house grows: curves over decades instead of points, with the fitted exponent (growth/curve.ts). `--quick` looks at
 * the small sizes only; `--far` adds a log of 10,000,000 entries (some GB of disk). Pictures go to docs/growth/, those of `--quick` to a temporary
 * folder, because they say little. `--only=NAME` (members, rooms, log, connections, sealing) is one of them.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pinLoad } from "./fanout/process.ts"
import type { Axis } from "./growth/axis.ts"
import { connections } from "./growth/connections.ts"
import { exponentOf, lastDecade } from "./growth/curve.ts"
import { log } from "./growth/log.ts"
import { members } from "./growth/members.ts"
import { plot } from "./growth/plot.ts"
import { rooms } from "./growth/rooms.ts"
import { sealing } from "./growth/sealing.ts"
import { type Print, round } from "./measure.ts"

const axes: Readonly<Record<string, Axis>> = { members, sealing, rooms, log, connections }

export async function growth(print: Print, quick: boolean): Promise<void> {
  const only = process.argv.find((one) => one.startsWith("--only="))?.slice("--only=".length)
  if (only !== undefined && !Object.hasOwn(axes, only))
    throw new Error(`--only=${only}: one of ${Object.keys(axes).join(", ")} is meant`)
  pinLoad()
  const folder = quick
    ? mkdtempSync(join(tmpdir(), "teahouse-growth-"))
    : join(import.meta.dirname, "../docs/growth")
  mkdirSync(folder, { recursive: true })
  for (const [name, axis] of Object.entries(axes)) {
    if (only !== undefined && only !== name) continue
    for (const { file, ...picture } of await axis(quick, process.argv.includes("--far"))) {
      writeFileSync(join(folder, `${file}.svg`), plot(picture))
      for (const { name, unit, points } of picture.curves) {
        const what = { bench: "growth", case: `${file}: ${name}`, server: "teahouse", unit }
        for (const { x, y } of points) print({ ...what, x, y: round(y) })
        const exponentInLastDecade = round(exponentOf(lastDecade(points)))
        print({ ...what, exponent: round(exponentOf(points)), exponentInLastDecade })
      }
    }
  }
  process.stderr.write(`pictures: ${folder}\n`)
}
