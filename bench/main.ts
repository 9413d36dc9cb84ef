/**
 * `npm run bench -- [NAME…] [--json] [--quick]`: one line of JSON for each measured case on stdout, and with --json nothing
 * else there. Each bench runs what it is compared with in the same run: on a noisy machine ratios survive, and CPU time
 * per message or delivery, not absolute rates.
 */
import { append } from "./append.ts"
import { bundle } from "./bundle.ts"
import { catchup } from "./catchup.ts"
import { fanout } from "./fanout.ts"
import { faults } from "./faults.ts"
import { file } from "./file.ts"
import { group } from "./group.ts"
import { growth } from "./growth.ts"
import { idle } from "./idle.ts"
import type { Line, Print } from "./measure.ts"
import { newDevice } from "./new-device.ts"
import { openChat } from "./open-chat.ts"
import { profile } from "./profile.ts"
import { latency, privately, rooms } from "./rooms.ts"
import { scroll } from "./scroll.ts"
import { join, sealOpen } from "./seal-open.ts"
import { search } from "./search.ts"
import { signInTiming } from "./sign-in-timing.ts"
import { soak } from "./soak.ts"
import { soakServer } from "./soak-server.ts"
import { startup } from "./startup.ts"

const benches: Record<string, (print: Print, quick: boolean) => Promise<void>> = {
  append,
  bundle,
  catchup,
  fanout,
  faults,
  file,
  group,
  growth,
  idle,
  join,
  latency,
  "new-device": newDevice,
  "open-chat": openChat,
  private: privately,
  profile,
  rooms,
  scroll,
  "seal-open": sealOpen,
  search,
  "sign-in-timing": signInTiming,
  soak,
  "soak-server": soakServer,
  startup,
}

const names = process.argv.slice(2).filter((one) => !one.startsWith("--"))
const flag = (name: string) => process.argv.includes(name)
if (names.some((name) => !Object.hasOwn(benches, name))) {
  process.stderr.write(
    `usage: npm run bench [-- NAME… --json --quick], NAME one of ${Object.keys(benches).join(", ")}; all of them where none is named\n`,
  )
  process.exit(2)
}
const print = (line: Line) =>
  process.stdout.write(`${flag("--json") ? JSON.stringify(line) : readable(line)}\n`)
for (const name of names.length > 0 ? names : Object.keys(benches))
  await benches[name]?.(print, flag("--quick"))

function readable({ bench, case: name, server, ...numbers }: Line): string {
  const rest = Object.entries(numbers).map(([key, value]) => `${key} ${value}`)
  return `${bench} ${name} ${server.padEnd(10)} ${rest.join("  ")}`
}
