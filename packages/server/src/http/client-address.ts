/**
 * Whose request it is. The connection says it, unless it comes from a proxy that the operator trusts: then the last address in
 * X-Forwarded-For that is no such proxy's. What stands before that was written by whoever asked, and is believed by nobody.
 */
import type { IncomingMessage } from "node:http"
import { BlockList, isIP } from "node:net"

export type ClientAddress = (request: IncomingMessage) => string

/** Some headers are made to be long. */
const HEADER_MAX = 4096

/** Whether a connection comes from one of these addresses and networks. */
export function trustedBy(proxies: readonly string[]): (peer: string | undefined) => boolean {
  const trusted = new BlockList()
  for (const proxy of proxies) {
    const [address = "", bits] = proxy.split("/")
    const family = isIP(address) === 6 ? "ipv6" : "ipv4"
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  return (peer = "unknown") => {
    const address = plain(peer)
    const version = isIP(address)
    return version !== 0 && trusted.check(address, version === 6 ? "ipv6" : "ipv4")
  }
}

export function createClientAddress(proxies: readonly string[]): ClientAddress {
  const isTrusted = trustedBy(proxies)
  return (request) => {
    const peer = plain(request.socket.remoteAddress ?? "unknown")
    if (!isTrusted(peer)) return peer
    const header = request.headers["x-forwarded-for"]
    const said = (Array.isArray(header) ? header.join(",") : (header ?? "")).slice(-HEADER_MAX).split(",")
    let found = peer
    for (const one of said.reverse()) {
      const address = plain(one.trim())
      if (isIP(address) === 0) break
      found = address
      if (!isTrusted(address)) break
    }
    return found
  }
}

/** An IPv4 address is the same one whichever way it came; some proxies write ports and brackets. */
const plain = (address: string): string =>
  address
    .replace(/^\[(.*)\](?::\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i, "$1")
    .replace(/%.*$/, "")

/** Addresses and networks (CIDR), with commas between; undefined where one is neither. */
export function readProxies(text: string): readonly string[] | undefined {
  const proxies = text.split(",").map((one) => one.trim())
  const good = proxies.every((one) => {
    const [, address = "", bits] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(one) ?? []
    const family = isIP(address)
    return family !== 0 && (bits === undefined || Number(bits) <= (family === 6 ? 128 : 32))
  })
  return good ? proxies : undefined
}
