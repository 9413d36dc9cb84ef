/** The same, with what came in one turn of the event loop joined into one frame: lengths (u32) and messages in turn. */
import type { AddressInfo } from "node:net"
import { WebSocketServer } from "ws"
import { announce } from "./server.ts"

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false })
let waiting: Buffer[] = []

function flush() {
  const parts: Buffer[] = []
  for (const message of waiting) {
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(message.length)
    parts.push(length, message)
  }
  waiting = []
  const frame = Buffer.concat(parts)
  for (const client of server.clients) client.send(frame)
}

server.on("connection", (socket) => {
  socket.on("message", (data: Buffer) => {
    if (waiting.length === 0) setImmediate(flush)
    waiting.push(data)
  })
})
server.on("listening", () => announce((server.address() as AddressInfo).port))
