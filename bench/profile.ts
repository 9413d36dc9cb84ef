/**
 * Where the time of a message goes: the server under the load of `private` (pairs, one message under way, and all talking) and of `fanout` (500 members), each in a process of its
 * own with V8's profiler in both threads, summed by part and by function (profile/sum.ts). A share is of the time in which its thread was not idle, by the clock: the writer's
 * COMMIT waits for the disk in it, and where both threads share a core, whoever wakes the other waits for it too.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { tempDir } from "@teahouse/server/room/log.fixture.ts"
import { pinLoad, startWith } from "./fanout/process.ts"
import { fillRooms } from "./fanout/rooms.ts"
import { type Print, round } from "./measure.ts"
import { type CpuProfile, sumOf } from "./profile/sum.ts"

const SHOWN = 10
const BODY = 200

export async function profile(print: Print, quick: boolean): Promise<void> {
  pinLoad()
  const pairs = { rooms: 20, members: 2, body: BODY }
  const crowd = { rooms: 1, members: quick ? 50 : 500, body: BODY }
  await look(print, quick, "private, one under way", pairs, 1)
  await look(print, quick, "private, all talking", pairs, pairs.rooms)
  await look(print, quick, `fanout to ${crowd.members}, one under way`, crowd, 1)
}

async function look(
  print: Print,
  quick: boolean,
  name: string,
  shape: Parameters<typeof fillRooms>[2],
  inFlight: number,
) {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-profile-"))
  const dir = tempDir()
  const began = performance.now()
  const server = await startWith(["--cpu-prof", `--cpu-prof-dir=${folder}`], "teahouse", dir.path)
  const { meter, close } = await fillRooms(server, dir.path, shape)
  const ms = quick ? 2_000 : 10_000
  await meter.run(server, inFlight, ms / 2)
  const from = (performance.now() - began) * 1_000
  const { cpuUsPerMsg } = await meter.run(server, inFlight, ms)
  close()
  await server.stop()
  dir.remove()
  const profiles = readdirSync(folder).map(
    (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile,
  )
  rmSync(folder, { recursive: true, force: true })
  print({ bench: "profile", case: name, server: "teahouse", cpuUsPerMsg })
  for (const one of profiles) {
    const isWriter = one.nodes.some(({ callFrame }) => callFrame.url.endsWith("/db/writer.ts"))
    const { us, parts, functions } = sumOf(one, from)
    for (const [kind, shares] of Object.entries({ part: parts, function: functions }))
      for (const share of shares.slice(0, SHOWN))
        print({
          ...{ bench: "profile", case: `${name}, ${isWriter ? "writer" : "main"} ${kind}: ${share.name}` },
          ...{ server: "teahouse", percent: round((100 * share.us) / us) },
        })
  }
}
