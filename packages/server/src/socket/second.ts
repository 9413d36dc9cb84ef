/**
 * One more port that leads to the same door for sockets, as the program before this one had it (`SOCKET_PORT`). Everything
 * else is at the first port, and a request here is told so.
 */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"

export type SecondPort = { readonly port: number; readonly close: () => Promise<void> }

export async function listenForSockets(door: Server, host: string, port: number): Promise<SecondPort> {
  const server = createServer((_request, response) => {
    response.writeHead(426, { connection: "close", upgrade: "websocket", "content-length": 0 }).end()
  })
  server.on("upgrade", (...upgrade) => door.emit("upgrade", ...upgrade))
  await new Promise<void>((done, failed) => {
    server.once("error", failed)
    server.listen({ host, port }, () => {
      server.off("error", failed)
      done()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
