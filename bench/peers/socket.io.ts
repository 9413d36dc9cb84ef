/** socket.io 4 as its documentation shows it: a room to join, and an event that goes to all in it. Nothing is stored, nobody is known. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Server } from "socket.io"
import { announce } from "./server.ts"

const http = createServer()
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false })
io.on("connection", async (socket) => {
  const room = String(socket.handshake.query.room ?? "")
  await socket.join(room)
  socket.on("m", (text: unknown) => io.to(room).emit("m", text))
  socket.emit("in")
})
http.listen(0, "127.0.0.1", () => announce((http.address() as AddressInfo).port))
