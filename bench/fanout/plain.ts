/** The peers: no accounts, no storage, no acknowledgement; the same bytes to the same number of sockets. */
import { once } from "node:events"
import { WebSocket } from "ws"
import { createMeter } from "./load.ts"
import { start } from "./process.ts"

export async function openPlain(name: "ws" | "ws-joined" | "floor", members: number, body: number) {
  const server = await start(name)
  const sockets: WebSocket[] = []
  const numbers = new Array<number>(members).fill(0)
  const keyOf = (message: Buffer) => message.toString("latin1", 0, 8)

  const meter = createMeter({
    members,
    read(frame) {
      if (name !== "ws-joined") return [keyOf(frame)]
      const keys: string[] = []
      for (let at = 0; at < frame.length; at += 4 + frame.readUInt32BE(at))
        keys.push(keyOf(frame.subarray(at + 4)))
      return keys
    },
    send(sender) {
      const n = (numbers[sender] as number) + 1
      numbers[sender] = n
      const message = Buffer.alloc(body, 7)
      message.writeUInt32BE(sender)
      message.writeUInt32BE(n, 4)
      sockets[sender]?.send(message)
      return keyOf(message)
    },
  })
  for (let i = 0; i < members; i++) {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}`, { perMessageDeflate: false })
    await once(socket, "open")
    socket.on("message", (data: Buffer) => meter.hear(data))
    sockets.push(socket)
  }
  return {
    server,
    meter,
    async close() {
      for (const socket of sockets) socket.terminate()
      await server.stop()
    },
  }
}
