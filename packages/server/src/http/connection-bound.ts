/**
 * How many connections one network may hold at a time (`connections_per_address`, an IPv6 network is its /64), of two kinds that are
 * counted apart. Sockets are counted for the client's address, which a trusted proxy says. Every other connection (a request, one that
 * is kept, one that says nothing and only takes a file descriptor) is counted for whoever is at its other end, before a byte of it is read;
 * a trusted proxy is not counted, for behind it stands everybody. A connection that becomes a socket counts as that from then on.
 *
 * What is over the bound is told so in a sentence (429) and closed; where TLS would have to be spoken first it is only closed.
 * `server.maxConnections` of Node bounds all together, so that one address could keep everybody else away.
 */
import type { IncomingMessage, Server } from "node:http"
import type { Socket } from "node:net"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import type { ClientAddress } from "./client-address.ts"
import { writeBare } from "./headers.ts"
import { networkOf } from "./rates.ts"

/** When to come again, ms. */
const AGAIN_MS = 30_000

export type ConnectionBound = {
  /** From here on the server's connections are counted. `bare`: what is written to one can be read without TLS. */
  readonly watch: (server: Pick<Server, "on">, bare: boolean) => void
  /** Of a request that wants to be a socket: why not, or what has to be called when the socket is gone. */
  readonly enter: (request: IncomingMessage) => Refusal | (() => void)
}

export type BoundParts = {
  readonly limits: Pick<Limits, "connectionsPerAddress">
  readonly clientAddress: ClientAddress
  readonly trusted: (peer: string | undefined) => boolean
  /** Some network has reached the bound. */
  readonly onReached: () => void
}

export function createConnectionBound({
  limits,
  clientAddress,
  trusted,
  onReached,
}: BoundParts): ConnectionBound {
  const sockets = new Counts()
  const others = new Counts()
  /** By both ends: over TLS the socket of a request is not the one that connected. */
  const leaving = new Map<string, () => void>()
  const add = (counts: Counts, network: string) => {
    if (counts.of(network) < limits.connectionsPerAddress) return counts.add(network)
    onReached()
    return undefined
  }
  return {
    watch(server, bare) {
      server.on("connection", (socket: Socket) => {
        const peer = socket.remoteAddress
        if (trusted(peer)) return
        const leave = add(others, networkOf(peer ?? "unknown"))
        if (leave) {
          const ends = endsOf(socket)
          leaving.set(ends, leave)
          socket.once("close", () => {
            leave()
            leaving.delete(ends)
          })
          return
        }
        socket.on("error", () => {})
        if (!bare) return void socket.destroy()
        // At once, so that what it asks is not even read: the HTTP server has this connection too.
        socket.once("finish", () => socket.destroy())
        writeBare(socket, tooMany())
      })
    },
    enter(request) {
      const leave = add(sockets, networkOf(clientAddress(request)))
      if (!leave) return tooMany()
      leaving.get(endsOf(request.socket))?.()
      return leave
    },
  }
}

const endsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket) =>
  `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`

const tooMany = (): Refusal =>
  refuse("rate_limited", {
    retryAfterMs: AGAIN_MS,
    detail: {
      zh: "这个网络地址到本服务器的连接太多了。请关闭一些，或请管理员提高 connections_per_address。",
      en: "There are too many connections from this network address. Close some, or ask the administrator to raise connections_per_address.",
    },
  })

class Counts {
  readonly #counts = new Map<string, number>()
  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }
  /** Gives what takes it away again, once. */
  add(key: string): () => void {
    this.#counts.set(key, this.of(key) + 1)
    let there = true
    return () => {
      if (!there) return
      there = false
      const left = this.of(key) - 1
      if (left > 0) this.#counts.set(key, left)
      else this.#counts.delete(key)
    }
  }
}
