/**
 * What the machine itself asks: for every frame that comes in one finished frame goes out to everybody, by nothing but
 * `socket.write`. Hardly anything can be done for less in Node; what `teahouse` costs beyond it is its own.
 */
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { wsFrame } from "@teahouse/server/socket/frame.ts"
import { WebSocketServer } from "ws"
import { announce } from "./server.ts"

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false })
const sockets: Duplex[] = []
server.on("connection", (client, request) => {
  sockets.push(request.socket)
  client.on("message", (data: Buffer) => {
    const frame = wsFrame(data)
    for (const socket of sockets) socket.write(frame)
  })
})
server.on("listening", () => announce((server.address() as AddressInfo).port))
