/** What a connection costs that says nothing: memory of the server before and after, for each. The house knows who each of them is. */
import { pinLoad, type Running } from "./fanout/process.ts"
import { openHouseRooms, openPeerRooms, type Shape } from "./fanout/rooms.ts"
import { type Print, round } from "./measure.ts"
import { missingPackages, xmppNames } from "./xmpp/installed.ts"
import { openXmpp } from "./xmpp/open.ts"

const SETTLE_MS = 2_000

export async function idle(print: Print, quick: boolean): Promise<void> {
  pinLoad()
  type Open = (shape: Shape) => Promise<{ readonly server: Running; readonly close: () => Promise<void> }>
  const [few, many] = quick ? [2, 200] : [2, 1_000]
  const servers: [string, Open][] = [
    ["teahouse", openHouseRooms],
    ["ws", (shape) => openPeerRooms("ws-rooms", shape)],
    ["socket.io", (shape) => openPeerRooms("socket.io", shape)],
  ]
  for (const name of xmppNames) {
    const missing = missingPackages(name).join(" ")
    if (missing === "") servers.push([name, (shape) => openXmpp(name, shape)])
    else print({ bench: "idle", case: `connections${many}`, server: name, missing })
  }
  for (const [name, open] of servers) {
    const memory: number[] = []
    let cpu = 0
    for (const connections of [few, many]) {
      const { server, close } = await open({ rooms: connections / 2, members: 2, body: 200 })
      await new Promise((next) => setTimeout(next, SETTLE_MS))
      memory.push(server.rss())
      const before = server.cpuUs()
      await new Promise((next) => setTimeout(next, SETTLE_MS))
      cpu = (server.cpuUs() - before) / (SETTLE_MS / 1000)
      await close()
    }
    const [first = 0, last = 0] = memory
    print({
      ...{ bench: "idle", case: `connections${many}`, server: name, connections: many },
      ...{ kbPerConn: round((last - first) / 1024 / (many - few)), memoryMb: round(last / 1024 / 1024) },
      // Of each second, for all of them together.
      cpuUs: round(cpu),
    })
  }
}
