/**
 * One more port that leads to the same door for sockets, as the program before this one had it (`SOCKET_PORT`). Everything
 * else is at the first port, and a request here is told so.
 */
import { createServer, type RequestListener, type Server } from "node:http"
import { createServer as createSecureServer, type Server as SecureServer } from "node:https"
import type { AddressInfo } from "node:net"

export type SecondPort = {
  readonly port: number
  readonly server: Server
  /** Where it speaks TLS: another certificate. */
  readonly setSecureContext: SecureServer["setSecureContext"] | undefined
  readonly close: () => Promise<void>
}

export async function listenForSockets(
  door: Server,
  host: string,
  port: number,
  /** Without a certificate in it: there is none yet. */
  tls?: { readonly cert?: string; readonly key?: string },
): Promise<SecondPort> {
  const turnAway: RequestListener = (_request, response) => {
    response.writeHead(426, { connection: "close", upgrade: "websocket", "content-length": 0 }).end()
  }
  const secure = tls && createSecureServer({ ...tls, minVersion: "TLSv1.2" }, turnAway)
  const server = secure ?? createServer(turnAway)
  server.on("upgrade", (...upgrade) => door.emit("upgrade", ...upgrade))
  await new Promise<void>((done, failed) => {
    server.once("error", failed)
    server.listen({ host, port }, () => {
      server.off("error", failed)
      done()
    })
  })
  return {
    server,
    setSecureContext: secure?.setSecureContext.bind(secure),
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
