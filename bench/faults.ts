/**
 * What somebody does to a house, or what happens to it, and what two people who talk there notice: their latency before and meanwhile,
 * and at the end whether everything that was acknowledged is in the log at its place. One line for each fault; `lost` must be 0, and
 * `ratioToBaseline` (of the medians) is to stay below 3 where the house itself is not gone. docs/reliability.md has the figures.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { openWorld, type Seen, type World } from "./faults/world.ts"
import { median, type Print, quantile, round } from "./measure.ts"

type Times = { readonly before: number; readonly during: number }
const MOST = 10_000

export async function faults(print: Print, quick: boolean): Promise<void> {
  const times: Times = quick ? { before: 2_000, during: 4_000 } : { before: 5_000, during: 15_000 }
  const many = quick ? 500 : 5_000
  const report = reporter(print, times)
  await report("slow-headers", {}, (world) => world.attack("headers", many))
  await report("slow-bodies", {}, (world) => world.attack("bodies", many))
  await report("slow-handshakes", {}, (world) => world.attack("handshakes", many))
  await report("arrival", {}, async (world) => {
    const attack = await world.attack("arrival", quick ? 1_000 : MOST)
    await attack.said(({ ms }) => ms !== undefined)
    return attack
  })
  await report("slow-readers", { others: 12 }, (world) => world.attack("readers", 0))
  await report("flood", { others: 4 }, (world) => world.attack("flood", 0))
  await storm(print, times, quick ? 30 : 300)
  await memoryCapped(print, times)
  await diskFull(print, times)
}

type Options = Parameters<typeof openWorld>[0]
type Attack = Awaited<ReturnType<World["attack"]>>

const reporter =
  (print: Print, times: Times) =>
  async (name: string, options: Options, begin: (world: World) => Promise<Attack>): Promise<void> => {
    const world = await openWorld(options)
    const before = await listen(world, times.before)
    const attack = await begin(world)
    const during = await listen(world, times.during)
    const alive = await world.alive()
    const seen = await attack.end()
    print(lineOf(name, before, during, { seen, alive, lost: await world.close() }))
  }

async function listen({ honest }: World, ms: number): Promise<readonly number[]> {
  honest.take()
  await pause(ms)
  return honest.take().latencies
}

type End = { readonly lost: number; readonly seen?: Seen; readonly alive?: boolean; readonly ms?: number }
function lineOf(name: string, before: readonly number[], during: readonly number[], end: End) {
  const { seen, alive = true, lost, ms = seen?.ms } = end
  return {
    ...{ bench: "faults", case: name, server: "teahouse", alive, lost },
    ...{
      baselineMs: round(median(before)),
      p50Ms: round(median(during)),
      p99Ms: round(quantile(during, 0.99)),
    },
    ratioToBaseline: round(median(during) / median(before)),
    ...(seen ? { connections: seen.open, closed: seen.closed, refused: seen.refused } : {}),
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

/** A heap of 80 MB, and a flood with readers who do not read: the house lives, or it is opened again and has lost nothing. */
async function memoryCapped(print: Print, times: Times): Promise<void> {
  const world = await openWorld({ others: 12, environment: { NODE_OPTIONS: "--max-old-space-size=80" } })
  const before = await listen(world, times.before)
  const attacks = [await world.attack("readers", 0), await world.attack("flood", 0)]
  const during = await listen(world, times.during)
  const alive = await world.alive()
  const [seen] = await Promise.all(attacks.map((one) => one.end()))
  if (!alive) await world.again()
  const lost = await world.close()
  print(lineOf("memory-capped", before, during, { ...(seen ? { seen } : {}), alive, lost }))
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
