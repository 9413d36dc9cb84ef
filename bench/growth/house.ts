/** A house for the growth of something: one data folder that fills up, and pairs in it that talk. */
import { tempDir } from "@teahouse/server/room/log.fixture.ts"
import type { Meter } from "../fanout/load.ts"
import { type Running, start } from "../fanout/process.ts"
import { fillRooms } from "../fanout/rooms.ts"
import { median } from "../measure.ts"

const BODY = 200
const PAIRS = 10

export async function openGrowing() {
  const dir = tempDir()
  let server: Running = await start("teahouse", dir.path)
  return {
    folder: dir.path,
    server: () => server,
    url: () => `http://127.0.0.1:${server.port}`,
    stop: () => server.stop(),
    async again() {
      server = await start("teahouse", dir.path)
    },
    async close() {
      await server.stop()
      dir.remove()
    },
  }
}

/** Server CPU (µs) for a message of ten pairs that all talk, warm; they are new people each time. */
export async function talkingPairs(
  server: Running,
  folder: string,
  name: string,
  quick: boolean,
): Promise<number> {
  const { meter, close } = await fillRooms(server, folder, { rooms: PAIRS, members: 2, body: BODY }, name)
  // A house that has just begun is in the compiler half of its time.
  const cpuUs = await perMessage(meter, server, PAIRS, quick, 4)
  close()
  return cpuUs
}

/** Server CPU (µs) for a message: the median of three turns, after a first one, so many times as long, that counts for nothing. */
export async function perMessage(
  meter: Meter,
  server: Running,
  inFlight: number,
  quick: boolean,
  warm = 1,
): Promise<number> {
  const ms = quick ? 500 : 2_000
  await meter.run(server, inFlight, warm * ms)
  const seen: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    const { cpuUsPerMsg, lost } = await meter.run(server, inFlight, ms)
    if (lost > 0) throw new Error(`${lost} messages were lost`)
    seen.push(cpuUsPerMsg)
  }
  return median(seen)
}
