/** A loop that knows rooms and nothing else: what comes in goes to whoever came by the same path, one by one. */
import type { AddressInfo } from "node:net"
import { type WebSocket, WebSocketServer } from "ws"
import { announce } from "./server.ts"

const rooms = new Map<string, Set<WebSocket>>()
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false })
server.on("connection", (socket, request) => {
  const path = request.url ?? "/"
  const members = rooms.get(path) ?? new Set()
  rooms.set(path, members.add(socket))
  socket.on("close", () => members.delete(socket))
  socket.on("message", (data) => {
    for (const member of members) member.send(data)
  })
})
server.on("listening", () => announce((server.address() as AddressInfo).port))
