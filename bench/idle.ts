/** What a connection costs that says nothing: memory of the server before and after, for each. The house knows who each of them is. */
import { pinLoad } from "./fanout/process.ts"
import { openHouseRooms, openPeerRooms } from "./fanout/rooms.ts"
import { type Print, round } from "./measure.ts"

const SETTLE_MS = 2_000

export async function idle(print: Print, quick: boolean): Promise<void> {
  pinLoad()
  const [few, many] = quick ? [2, 200] : [2, 1_000]
  for (const [name, open] of [
    ["teahouse", openHouseRooms],
    ["ws", (shape: Parameters<typeof openHouseRooms>[0]) => openPeerRooms("ws-rooms", shape)],
    ["socket.io", (shape: Parameters<typeof openHouseRooms>[0]) => openPeerRooms("socket.io", shape)],
  ] as const) {
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
