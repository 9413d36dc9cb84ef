/**
 * The house for a long time at half of what it can do: fifty rooms of five, first all talking as fast as they are answered, which is its
 * capacity here, then half as many messages each second by the clock. Its memory and its file descriptors are looked at sixty times; a
 * line through them says whether they grow (soak/flat.ts), after a first third in which the writer's cache of pages fills (64 MiB, some
 * 150,000 messages). `--minutes=N`: how long, 30 where nobody says, 1 with --quick, which is too short to be warm and shows that the
 * bench works, not that a house is flat.
 */
import { pinLoad } from "./fanout/process.ts"
import { openHouseRooms } from "./fanout/rooms.ts"
import { type Print, round } from "./measure.ts"
import { trendOf } from "./soak/flat.ts"

const ROOMS = 50
const SAMPLES = 60
/** Of sixty samples so many are printed; the rest are only fitted. */
const PRINTED = 10
const MB = 1024 * 1024
const HOUR_MS = 3_600_000
/** More than a few is a leak: each connection has one, and nobody comes or goes. */
const DESCRIPTORS = 4

export async function soakServer(print: Print, quick: boolean): Promise<void> {
  const asked = process.argv.find((one) => one.startsWith("--minutes="))?.slice("--minutes=".length)
  const minutes = asked === undefined ? (quick ? 1 : 30) : Number(asked)
  if (!(minutes > 0)) throw new Error(`--minutes=${asked}: a number above 0 is meant`)
  pinLoad()
  const { server, meter, close } = await openHouseRooms({ rooms: ROOMS, members: 5, body: 200 })
  const line = { bench: "soak-server", server: "teahouse", rooms: ROOMS } as const
  try {
    const ms = quick ? 3_000 : 15_000
    // The first run is the compiler's.
    await meter.run(server, ROOMS, ms)
    const full = await meter.run(server, ROOMS, ms)
    const { msgsPerS, cpuUsPerMsg, p50Ms, p99Ms } = full
    print({ ...line, case: "capacity", msgsPerS, cpuUsPerMsg, p50Ms, p99Ms, lost: full.lost })
    const began = performance.now()
    const memory: { hours: number; value: number }[] = []
    const descriptors: number[] = []
    let lost = full.lost
    let slowest = 0
    for (let i = 1; i <= SAMPLES; i++) {
      const seen = await meter.runAt(server, msgsPerS / 2, ROOMS, (minutes * 60_000) / SAMPLES)
      memory.push({ hours: (performance.now() - began) / HOUR_MS, value: server.rss() / MB })
      descriptors.push(server.descriptors())
      lost += seen.lost
      slowest = Math.max(slowest, seen.p99Ms)
      if (i % (SAMPLES / PRINTED) > 0) continue
      print({
        ...{ ...line, case: `half, ${round((minutes * i) / SAMPLES)} min`, msgsPerS: seen.msgsPerS },
        ...{ cpuUsPerMsg: seen.cpuUsPerMsg, p50Ms: seen.p50Ms, p99Ms: seen.p99Ms, lost },
        ...{ memoryMb: round(server.rss() / MB), descriptors: server.descriptors() },
      })
    }
    const { perHour, flat } = trendOf(memory)
    const more = Math.max(...descriptors) - (descriptors[0] as number)
    print({
      ...{ ...line, case: `half for ${minutes} min`, ms: Math.round(performance.now() - began), lost },
      // The slowest of the sixty windows.
      p99Ms: slowest,
      ...{ memoryMb: round(server.rss() / MB), growthMbPerHour: round(perHour) },
      ...{ descriptors: server.descriptors(), flat: flat && more <= DESCRIPTORS },
    })
  } finally {
    await close()
  }
}
