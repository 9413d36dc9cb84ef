/**
 * `npm run bench -- NAME [--json] [--quick]`: one line of JSON for each measured case on stdout, and with --json nothing
 * else there. Each bench runs what it is compared with in the same run: on a noisy machine ratios survive, and CPU time
 * per message or delivery, not absolute rates.
 */
import { append } from "./append.ts"
import { fanout } from "./fanout.ts"
import { file } from "./file.ts"
import { group } from "./group.ts"
import type { Line, Print } from "./measure.ts"
import { newDevice } from "./new-device.ts"
import { openChat } from "./open-chat.ts"
import { scroll } from "./scroll.ts"
import { search } from "./search.ts"
import { soak } from "./soak.ts"

const benches: Record<string, (print: Print, quick: boolean) => Promise<void>> = {
  append,
  fanout,
  file,
  group,
  "new-device": newDevice,
  "open-chat": openChat,
  scroll,
  search,
  soak,
}

const names = process.argv.slice(2).filter((one) => !one.startsWith("--"))
const flag = (name: string) => process.argv.includes(name)
const bench = benches[names[0] ?? ""]
if (!bench || names.length !== 1) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join("|")} [--json] [--quick]\n`)
  process.exit(2)
}
const print = (line: Line) =>
  process.stdout.write(`${flag("--json") ? JSON.stringify(line) : readable(line)}\n`)
await bench(print, flag("--quick"))

function readable({ bench, case: name, server, ...numbers }: Line): string {
  const rest = Object.entries(numbers).map(([key, value]) => `${key} ${value}`)
  return `${bench} ${name} ${server.padEnd(10)} ${rest.join("  ")}`
}
