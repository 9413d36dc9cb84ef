/** The floor of what is done without a log: every frame that comes in goes out to everybody, one by one. */
import type { AddressInfo } from "node:net"
import { WebSocketServer } from "ws"
import { announce } from "./server.ts"

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false })
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    for (const client of server.clients) client.send(data)
  })
})
server.on("listening", () => announce((server.address() as AddressInfo).port))
