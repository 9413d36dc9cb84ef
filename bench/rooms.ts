/**
 * Rooms of few: `private` (pairs that talk), `rooms` (many rooms of five, all talking), `latency` (one room of ten, one message under way).
 * The house stores, signs and acknowledges each message; `ws` and socket.io store nothing and know nobody; ejabberd and Prosody archive,
 * where they are installed. In a pair they deliver once, to the other: there the house's figure for a message is that of two deliveries, one
 * of them its acknowledgement. Each server has a core of its own.
 */
import type { Result } from "./fanout/load.ts"
import { pinLoad } from "./fanout/process.ts"
import { openHouseRooms, openPeerRooms, type Shape } from "./fanout/rooms.ts"
import { median, type Print, round } from "./measure.ts"
import { openXmppPeers } from "./xmpp/open.ts"

const BODY = 200

async function measure(bench: string, shape: Shape, inFlight: number, print: Print, quick: boolean) {
  pinLoad()
  const { peers, absent } = await openXmppPeers(shape)
  const servers = {
    teahouse: await openHouseRooms(shape),
    ws: await openPeerRooms("ws-rooms", shape),
    "socket.io": await openPeerRooms("socket.io", shape),
    ...peers,
  }
  const ms = quick ? 500 : 2_000
  for (const { server, meter } of Object.values(servers)) await meter.run(server, inFlight, ms)
  const seen: Record<string, Result[]> = {}
  for (let turn = 0; turn < (quick ? 3 : 7); turn++)
    for (const [name, { server, meter }] of Object.entries(servers))
      seen[name] = [...(seen[name] ?? []), await meter.run(server, inFlight, ms)]
  for (const [server, results] of Object.entries(seen)) {
    const of = (key: keyof Result) => round(median(results.map((one) => one[key])))
    print({
      ...{ bench, case: `rooms${shape.rooms}-members${shape.members}-inflight${inFlight}`, server },
      ...{ rooms: shape.rooms, members: shape.members, inFlight },
      ...{ cpuUsPerDelivery: of("cpuUsPerDelivery"), deliveriesPerS: of("deliveriesPerS") },
      ...{ msgsPerS: of("msgsPerS"), cpuUsPerMsg: of("cpuUsPerMsg"), p50Ms: of("p50Ms"), p99Ms: of("p99Ms") },
      lost: results.reduce((sum, one) => sum + one.lost, 0),
    })
  }
  for (const one of absent) print({ bench, case: `rooms${shape.rooms}-members${shape.members}`, ...one })
  for (const { close } of Object.values(servers)) await close()
}

export async function privately(print: Print, quick: boolean): Promise<void> {
  const rooms = quick ? 20 : 100
  for (const inFlight of [1, rooms])
    await measure("private", { rooms, members: 2, body: BODY }, inFlight, print, quick)
}
export async function rooms(print: Print, quick: boolean): Promise<void> {
  for (const count of quick ? [1, 10, 40] : [1, 10, 100])
    await measure("rooms", { rooms: count, members: 5, body: BODY }, count, print, quick)
}
export const latency = (print: Print, quick: boolean): Promise<void> =>
  measure("latency", { rooms: 1, members: 10, body: BODY }, 1, print, quick)
