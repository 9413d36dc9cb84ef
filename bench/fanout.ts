/**
 * One room of 500 members: what one message costs the server for each of them. `teahouse` is the real program with
 * sessions, storage (synchronous = FULL), chain, signed heads and acknowledgements; `ws` and `ws-joined` are loops that
 * store nothing and know nobody, and so does `socket.io`; `ejabberd-sqlite` and `prosody-sqlite` archive, where Debian's packages of them are
 * installed. `floor` writes one finished frame to each socket and does nothing else: where it costs more than our goal, the
 * machine cannot meet it. Each server has a process and a core of its own, the load has the other core; all run in turns,
 * several times; medians.
 */

import type { Result } from "./fanout/load.ts"
import { openPlain } from "./fanout/plain.ts"
import { pinLoad } from "./fanout/process.ts"
import { openPeerRooms } from "./fanout/rooms.ts"
import { openTeahouse } from "./fanout/teahouse.ts"
import { median, type Print, round } from "./measure.ts"
import { openXmppPeers } from "./xmpp/open.ts"

const MEMBERS = 500
const BODY = 200
const MANY = 50
/** 5,000 deliveries a second, by the clock: what a member waits where the server is not busy. */
const CALM = 10

export async function fanout(print: Print, quick: boolean): Promise<void> {
  pinLoad()
  const { peers, absent } = await openXmppPeers({ rooms: 1, members: MEMBERS, body: BODY }, MANY)
  const servers = {
    teahouse: await openTeahouse(MEMBERS, BODY),
    ws: await openPlain("ws", MEMBERS, BODY),
    "ws-joined": await openPlain("ws-joined", MEMBERS, BODY),
    floor: await openPlain("floor", MEMBERS, BODY),
    "socket.io": await openPeerRooms("socket.io", { rooms: 1, members: MEMBERS, body: BODY }, MANY),
    ...peers,
  }
  // A house that is up has been through the compiler long ago: what that costs is no part of a message's price.
  for (const { server, meter } of Object.values(servers)) await meter.run(server, MANY, quick ? 1_000 : 3_000)
  for (const inFlight of [1, MANY]) {
    const seen: Record<string, Result[]> = {}
    for (let turn = 0; turn < (quick ? 3 : 7); turn++)
      for (const [name, { server, meter }] of Object.entries(servers)) {
        // One by one it is the same as `ws` with fifty, and --quick has to end.
        if (name === "floor" && inFlight > 1) continue
        // Fifty messages to 500 take some of them seconds to finish, each turn.
        if (name in peers && turn >= (quick ? 1 : 3)) continue
        const result = await meter.run(server, inFlight, quick ? 600 : 3_000)
        seen[name] = [...(seen[name] ?? []), result]
      }
    for (const [server, results] of Object.entries(seen))
      print({ ...lineOf(results), case: `members${MEMBERS}-inflight${inFlight}`, server, inFlight })
  }
  for (const [name, { server, meter }] of Object.entries(servers)) {
    const result = await meter.runAt(server, CALM, MANY, quick ? 5_000 : 30_000)
    print({ ...lineOf([result]), case: `members${MEMBERS}-${CALM}-a-second`, server: name })
  }
  for (const one of absent) print({ bench: "fanout", case: `members${MEMBERS}`, ...one })
  for (const { close } of Object.values(servers)) await close()
}

function lineOf(results: readonly Result[]) {
  const of = (key: keyof Result) => round(median(results.map((one) => one[key])))
  return {
    ...{ bench: "fanout", members: MEMBERS },
    ...{ cpuUsPerDelivery: of("cpuUsPerDelivery"), deliveriesPerS: of("deliveriesPerS") },
    ...{ msgsPerS: of("msgsPerS"), cpuUsPerMsg: of("cpuUsPerMsg") },
    ...{ p50Ms: of("p50Ms"), p99Ms: of("p99Ms") },
    lost: results.reduce((sum, one) => sum + one.lost, 0),
  }
}
