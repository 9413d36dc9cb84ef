/**
 * Who may speak to this house at all (SECURITY "Sessions and edges"). The name in Host is a loopback name on any port, the
 * configured address, or a configured public origin; Origin, where there is one, is that same host. A page of another
 * site that points its own name at 127.0.0.1 is refused by the first rule, one that simply calls us by the second.
 */
import type { IncomingMessage } from "node:http"
import { isIP } from "node:net"
import type { ErrorKind } from "@teahouse/protocol/error.ts"

export type EdgeRule = {
  /** The name or address the house listens on, as configured. */
  readonly host: string
  /** `https://chat.example.org`: scheme, name and, if it is not the scheme's own, port. */
  readonly origins: readonly string[]
  /**
   * Further names of this machine, on any port: of a house that speaks https with a certificate of its own. No other page can stand
   * under such a name at this port, because nothing but this house's https answers there.
   */
  readonly names?: readonly string[]
}

export type EdgeError = Extract<ErrorKind, "wrong_host" | "wrong_origin">

export type Edge = {
  /** undefined: welcome. For requests and for the socket's upgrade alike. */
  readonly check: (request: IncomingMessage) => EdgeError | undefined
  /** Whether the person came by https (a proxy in front of us ends it), as the configured origin says. */
  readonly secure: (request: IncomingMessage) => boolean
}

const loopback = /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127\.\d+\.\d+\.\d+|\[::1\])$/
const wildcard = new Set(["0.0.0.0", "::", "[::]"])

export const isLoopback = (host: string): boolean => loopback.test(bracketed(host.toLowerCase()))

/** An address as it stands in a URL. */
export const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host)

export function createEdge(rule: EdgeRule): Edge {
  const origins = rule.origins.map((origin) => new URL(origin))
  const configured = bracketed(rule.host.toLowerCase())

  const originOf = (host: string) =>
    origins.find((origin) => origin.host === withoutDefaultPort(host, origin.protocol))

  const knownHost = (host: string, request: IncomingMessage): boolean => {
    const name = nameOf(host)
    if (name === undefined) return false
    if (loopback.test(name) || originOf(host) || rule.names?.includes(name)) return true
    if (!wildcard.has(configured)) return name === configured
    // Listening on every address: the very address this connection came in on is no other site's name.
    return (
      isIP(name.replace(/^\[|\]$/g, "")) !== 0 && name === bracketed(plain(request.socket.localAddress ?? ""))
    )
  }

  return {
    check(request) {
      const host = request.headers.host?.toLowerCase()
      if (host === undefined || !knownHost(host, request)) return "wrong_host"
      const { origin } = request.headers
      if (origin === undefined) return undefined
      const url = URL.canParse(origin) ? new URL(origin) : undefined
      const same =
        url !== undefined &&
        (url.protocol === "http:" || url.protocol === "https:") &&
        url.host === withoutDefaultPort(host, url.protocol) &&
        (originOf(host)?.protocol ?? url.protocol) === url.protocol
      return same ? undefined : "wrong_origin"
    },
    secure: (request) => originOf(request.headers.host?.toLowerCase() ?? "")?.protocol === "https:",
  }
}

/** The name without the port; undefined where the header is not a host at all. */
function nameOf(host: string): string | undefined {
  const match = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.exec(host)
  return match?.[1]
}

const withoutDefaultPort = (host: string, protocol: string): string =>
  host.replace(protocol === "https:" ? /:443$/ : /:80$/, "")

const plain = (address: string): string => address.replace(/^::ffff:/i, "").replace(/%.*$/, "")
