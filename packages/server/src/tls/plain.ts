/**
 * The port for http beside a house that speaks https itself. It answers what a certificate authority looks for (RFC 8555 section 8.3), explains the
 * house's own certificate where it has one (self-signed/page.ts), and leads everything else to https with 308 (RFC 9110 section 15.4.9). Nothing of
 * the house is served here: neither the page nor the API, so nobody signs in over a line that others can read.
 *
 * Only GET and HEAD are led on. Whatever sends something by http has sent it in the clear already; that it then works would hide it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { type AddressInfo, isIP } from "node:net"
import { bracketed, isLoopback } from "../http/edge.ts"
import { bareHeaders } from "../http/headers.ts"

const CHALLENGE = "/.well-known/acme-challenge/"
export const OPEN = "/open"
/** Seconds, while there is no certificate yet; by this the doctor knows the house. */
export const WAITS = "60"
const HEADER_BYTES = 8 * 1024

export type PlainPort = {
  readonly server: Server
  readonly port: number
  readonly close: () => Promise<void>
}
export type PlainParts = {
  readonly host: string
  readonly port: number
  /** Where https is; known once it listens. */
  readonly secure: () => { readonly port: number; readonly ready: boolean }
  readonly origins: readonly string[]
  /** Further names of this machine. */
  readonly names: readonly string[]
  readonly challenge?: ((token: string) => string | undefined) | undefined
  /** undefined: no such page. */
  readonly page?: ((path: string, language: string) => Page | undefined) | undefined
}
export type Page = {
  readonly type: string
  readonly body: string | Uint8Array
  readonly policy?: string
  readonly file?: string
}

export async function listenPlain(parts: PlainParts): Promise<PlainPort> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      requestTimeout: 10_000,
      headersTimeout: 5_000,
      connectionsCheckingInterval: 2_000,
    },
    (request, response) => answer(parts, request, response),
  )
  server.on("upgrade", (_request, socket) =>
    socket.end("HTTP/1.1 426 Upgrade Required\r\nconnection: close\r\n\r\n"),
  )
  await new Promise<void>((done, failed) => {
    server.once("error", failed)
    server.listen({ host: parts.host, port: parts.port }, () => {
      server.off("error", failed)
      done()
    })
  })
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function answer(parts: PlainParts, request: IncomingMessage, response: ServerResponse): ServerResponse {
  const { pathname, search } = target(request.url)
  for (const line of bareHeaders) {
    const [name = "", value = ""] = line.split(/: (.*)/)
    response.setHeader(name, value)
  }
  // One answer each: whoever comes here has come to the wrong port.
  response.setHeader("connection", "close")
  const say = (status: number, { type, body, policy, file }: Page) => {
    if (policy) response.setHeader("content-security-policy", policy)
    if (file) response.setHeader("content-disposition", `attachment; filename="${file}"`)
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) })
    return response.end(request.method === "HEAD" ? undefined : body)
  }
  const plainly = (status: number, body: string) => say(status, { type: "text/plain; charset=utf-8", body })
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD")
    return plainly(405, "请使用 https。\nUse https.\n")
  }
  if (pathname.startsWith(CHALLENGE)) {
    const found = parts.challenge?.(pathname.slice(CHALLENGE.length))
    return found === undefined
      ? plainly(404, "404\n")
      : say(200, { type: "application/octet-stream", body: found })
  }
  const page = parts.page?.(pathname, request.headers["accept-language"] ?? "")
  if (page) return say(200, page)
  const { port, ready } = parts.secure()
  if (!ready) {
    response.setHeader("retry-after", WAITS)
    return plainly(
      503,
      "正在取得证书，请稍后再来。\nThe certificate is being fetched. Come back in a minute.\n",
    )
  }
  // Where the explaining page stands at `/`, this is the way past it.
  const place = parts.page && pathname === OPEN ? "/" : pathname
  const host = secureHost(request, port, parts)
  if (host === undefined) return plainly(400, "请输入完整网址。\nUse the house's whole address.\n")
  response.setHeader("location", `https://${host}${place}${search}`)
  return plainly(308, `https://${host}\n`)
}

/** Some write a whole address into the first line. */
function target(url = "/"): { readonly pathname: string; readonly search: string } {
  const whole = url.startsWith("/") ? `http://house${url.replace(/^\/+/, "/")}` : url
  return URL.canParse(whole) ? new URL(whole) : { pathname: "/", search: "" }
}

/** A name that is not ours leads to the first that is, and nowhere where there is none: this port sends nobody to strangers. */
export function secureHost(
  request: Pick<IncomingMessage, "headers"> & {
    readonly socket: { readonly localAddress?: string | undefined }
  },
  port: number,
  { host, origins, names }: Pick<PlainParts, "host" | "origins" | "names">,
): string | undefined {
  const [, called = ""] =
    /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.exec((request.headers.host ?? "").toLowerCase()) ?? []
  const secure = origins.filter((origin) => origin.startsWith("https:")).map((origin) => new URL(origin))
  const origin = secure.find(({ hostname }) => hostname === called)
  if (origin) return origin.host
  const bare = called.replace(/^\[|\]$/g, "")
  const local = (request.socket.localAddress ?? "").replace(/^::ffff:/i, "")
  const own =
    isLoopback(called) || names.includes(called) || bare === host || (isIP(bare) !== 0 && bare === local)
  if (called !== "" && own) return port === 443 ? called : `${called}:${port}`
  if (secure[0]) return secure[0].host
  return local === "" ? undefined : `${bracketed(local)}:${port}`
}
