/**
 * The door for sockets: the upgrade of `/api/socket`, once Host, Origin and the address's rate are right. Closing is
 * orderly (docs/contract.md 9): no new ones, then each is told to come back (1012) at a moment of its own within a
 * spread, so that they do not all return at once.
 */
import type { IncomingMessage, Server } from "node:http"
import type { Duplex } from "node:stream"
import { type ErrorKind, type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { WebSocketServer } from "ws"
import { writeBare } from "../http/headers.ts"
import { type Connection, connect, frameRate } from "./connection.ts"
import { closeCodes, type SocketParts } from "./peer.ts"

export type AcceptParts = SocketParts & {
  /** undefined: welcome. Host, Origin and how often this address may call. */
  readonly check: (request: IncomingMessage) => ErrorKind | undefined
  /** Counts it: why there is no place for one more, or what to call when it is gone. */
  readonly enter: (request: IncomingMessage) => Refusal | (() => void)
}

export type SocketDoor = {
  readonly connections: () => number
  /** Closes all within `spreadMs`; resolves when every socket is gone. */
  readonly close: (spreadMs?: number) => Promise<void>
}

const HEARTBEAT_MS = 30_000
const SPREAD_MS = 1_000
/** How long a client may take to answer the close, ms. */
const FAREWELL_MS = 1_000

export function attachSocket(server: Server, parts: AcceptParts): SocketDoor {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: parts.limits.frameBytes,
    // Frames are binary: there is no text to validate.
    skipUTF8Validation: true,
    clientTracking: false,
  })
  const connections = new Set<Connection>()
  const frames = frameRate(parts.limits)
  let closing = false
  const timer = setInterval(() => {
    for (const connection of connections) connection.beat()
  }, HEARTBEAT_MS)
  timer.unref()

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until the library takes over, a peer that goes away must not bring the house down.
    const ignore = () => {}
    socket.on("error", ignore)
    const [path] = (request.url ?? "").split("?", 1)
    const why = path !== SOCKET_PATH ? "unknown_route" : closing ? "unavailable" : parts.check(request)
    if (why) {
      writeBare(socket, refuse(why))
      return
    }
    const leave = parts.enter(request)
    if (typeof leave !== "function") {
      writeBare(socket, leave)
      return
    }
    socket.once("close", leave)
    sockets.handleUpgrade(request, socket, head, (ws) => {
      socket.off("error", ignore)
      const connection = connect(ws, socket, parts, frames)
      connections.add(connection)
      ws.on("close", () => connections.delete(connection))
    })
  })

  return {
    connections: () => connections.size,
    async close(spreadMs = SPREAD_MS) {
      closing = true
      clearInterval(timer)
      const all = [...connections]
      all.forEach((connection, i) => {
        setTimeout(() => connection.close(closeCodes.restart), (spreadMs * i) / all.length)
      })
      const patience = Date.now() + spreadMs + FAREWELL_MS
      while (connections.size > 0 && Date.now() < patience) await new Promise((next) => setTimeout(next, 20))
      for (const connection of connections) connection.cut()
    },
  }
}
