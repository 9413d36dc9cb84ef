/**
 * What somebody does to a house, or what happens to it, and what two people who talk there notice: their latency before and meanwhile,
 * and at the end whether everything that was acknowledged is in the log at its place. One line for each fault; `lost` must be 0, and
 * `ratioToBaseline` (of the medians) is to stay below 3 where the house itself is not gone. docs/reliability.md has the figures.
 * `--only=NAME`: those whose name begins so.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { type Watched, watch } from "./faults/watched.ts"
import { openWorld, type Seen, type World } from "./faults/world.ts"
import { median, type Print, quantile, round } from "./measure.ts"

type Times = { readonly before: number; readonly during: number }
const MOST = 10_000
/** Half as much again as a house has in use while this is done to it. */
const CAPPED_MB = 44

export async function faults(print: Print, quick: boolean): Promise<void> {
  const times: Times = quick ? { before: 2_000, during: 4_000 } : { before: 5_000, during: 15_000 }
  const many = quick ? 500 : 5_000
  const report = reporter(print, times)
  const cases: Readonly<Record<string, (name: string) => Promise<void>>> = {
    "slow-headers": (name) => report(name, {}, (world) => world.attack("headers", many)),
    "slow-bodies": (name) => report(name, {}, (world) => world.attack("bodies", many)),
    "slow-handshakes": (name) => report(name, {}, (world) => world.attack("handshakes", many)),
    arrival: (name) =>
      report(name, {}, async (world) => {
        const attack = await world.attack("arrival", quick ? 1_000 : MOST)
        await attack.said(({ ms }) => ms !== undefined)
        return attack
      }),
    "slow-readers": (name) => report(name, { others: 12 }, (world) => world.attack("readers", 0)),
    flood: (name) => report(name, { others: 4 }, (world) => world.attack("flood", 0)),
    "reconnect-storm": () => storm(print, times, quick ? 30 : 300),
    "memory-free": (name) => underBoth(print, times, name),
    "memory-capped": (name) => underBoth(print, times, name, CAPPED_MB),
    "disk-full": () => diskFull(print, times),
  }
  const only = process.argv.find((one) => one.startsWith("--only="))?.slice("--only=".length)
  for (const [name, run] of Object.entries(cases))
    if (only === undefined || name.startsWith(only)) await run(name)
}

type Options = Parameters<typeof openWorld>[0]
type Attack = Awaited<ReturnType<World["attack"]>>

const reporter =
  (print: Print, times: Times) =>
  async (name: string, options: Options, begin: (world: World) => Promise<Attack>): Promise<void> => {
    const world = await openWorld(options)
    const before = await listen(world, times.before)
    const attack = await begin(world)
    const watched = watch(world.house())
    const during = await listen(world, times.during)
    const house = watched()
    const alive = await world.alive()
    const seen = await attack.end()
    print(lineOf(name, before, during, { seen, alive, house, lost: await world.close() }))
  }

async function listen({ honest }: World, ms: number): Promise<readonly number[]> {
  honest.take()
  await pause(ms)
  return honest.take().latencies
}

type End = {
  readonly lost: number
  readonly seen?: Seen
  readonly alive?: boolean
  readonly ms?: number
  readonly house?: Watched
}
function lineOf(name: string, before: readonly number[], during: readonly number[], end: End) {
  const { seen, alive = true, lost, ms = seen?.ms, house = {} } = end
  return {
    ...{ bench: "faults", case: name, server: "teahouse", alive, lost },
    ...{
      baselineMs: round(median(before)),
      p50Ms: round(median(during)),
      p99Ms: round(quantile(during, 0.99)),
    },
    ratioToBaseline: round(median(during) / median(before)),
    ...house,
    ...(seen ? { connections: seen.open, closed: seen.closed, refused: seen.refused, sent: seen.sent } : {}),
    ...(ms === undefined ? {} : { ms: round(ms) }),
  }
}

/** kill -9, and everybody comes back at once: `ms` from the kill until the last of them is greeted again. */
async function storm(print: Print, times: Times, others: number): Promise<void> {
  const world = await openWorld({ others })
  const attack = await world.attack("storm", 0)
  await attack.said(({ ready }) => ready === others)
  const before = await listen(world, times.before)
  const began = performance.now()
  attack.lines.length = 0
  await world.killed()
  await attack.said(({ ready }) => ready === others)
  const ms = performance.now() - began
  const during = await listen(world, times.before)
  const seen = await attack.end()
  print(lineOf("reconnect-storm", before, during, { seen, ms, lost: await world.close() }))
}

/**
 * A flood with readers who do not read, and a heap of so many MB: the house lives, or it is opened again and has lost nothing. Without a
 * bound the same is what it is compared with: what both have is not memory's.
 */
async function underBoth(print: Print, times: Times, name: string, heapMb?: number): Promise<void> {
  const cap = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`]
  const world = await openWorld({ others: 12, flags: ["--trace-gc", ...cap] })
  const before = await listen(world, times.before)
  const attacks = [await world.attack("readers", 0), await world.attack("flood", 0)]
  const watched = watch(world.house())
  const during = await listen(world, times.during)
  const house = watched()
  const alive = await world.alive()
  // Of the flood, which is the louder one.
  const [, seen] = await Promise.all(attacks.map((one) => one.end()))
  if (!alive) await world.again()
  const lost = await world.close()
  print(lineOf(name, before, during, { ...(seen ? { seen } : {}), alive, lost, house }))
}

/** The data folder on a disk of 24 MB of its own (tmpfs; it takes root), filled, and made larger afterwards. `ms`: from then until the next line. */
async function diskFull(print: Print, times: Times): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "teahouse-disk-"))
  const mount = (...more: string[]) => spawnSync("mount", [...more, data]).status === 0
  try {
    if (!mount("-t", "tmpfs", "-o", "size=24m", "tmpfs")) {
      process.stderr.write("faults: disk-full needs to mount a tmpfs, and may not here\n")
      return
    }
    const world = await openWorld({ data, others: 2 })
    const before = await listen(world, times.before)
    const attack = await world.attack("readers", 0)
    const { honest } = world
    for (let refusals: string[] = []; !refusals.includes("storage_full"); ) {
      await pause(500)
      refusals = honest.take().refusals
    }
    const alive = await world.alive()
    const seen = await attack.end()
    const known = honest.acknowledged()
    const began = performance.now()
    mount("-o", "remount,size=96m")
    while (honest.acknowledged() === known) await pause(5)
    const ms = performance.now() - began
    const during = await listen(world, times.before)
    print(lineOf("disk-full", before, during, { seen, ms, alive, lost: await world.close() }))
  } finally {
    // Lazily: where something went wrong the house may still be ending.
    if (spawnSync("umount", ["-l", data]).status === 0) rmSync(data, { recursive: true, force: true })
  }
}
