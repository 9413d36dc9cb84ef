/**
 * Headers that every answer carries. The page may load nothing that this house does not serve, speak with nobody else, be
 * framed by nobody, and turn no text into code: Trusted Types leave exactly one policy, by which the app starts its own
 * workers. 'wasm-unsafe-eval' is what OPAQUE's WebAssembly needs; it does not allow eval.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { errors, type Refusal } from "@teahouse/protocol/error.ts"

/** Names of the Trusted Types policies that the web app may create. */
const TRUSTED_TYPES = ["teahouse"]

const page = (sockets: string) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    `connect-src 'self' ${sockets}`,
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "worker-src 'self'",
    "manifest-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${TRUSTED_TYPES.join(" ")}`,
  ].join("; ")

const fixed = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "x-frame-options": "DENY",
  "x-dns-prefetch-control": "off",
  "permissions-policy":
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(self), midi=(), payment=(), usb=()",
} as const

/** For answers that are written to the bare socket: a refused upgrade, and bytes that are no HTTP. */
export const bareHeaders: readonly string[] = [
  "content-security-policy: default-src 'none'; frame-ancestors 'none'",
  "cache-control: no-store",
  ...Object.entries(fixed).map(([name, value]) => `${name}: ${value}`),
]

/** How long the other end may take to hear what it is told, ms. */
const FAREWELL_MS = 2_000

/** Answers a bare socket, and ends it: also where the other end never does, or it would be kept for ever. */
export function writeBare(socket: Duplex, refusal: Refusal): void {
  const body = JSON.stringify(refusal)
  const { status } = errors[refusal.kind]
  const head = [
    `HTTP/1.1 ${status} Refused`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(refusal.retryAfterMs === undefined
      ? []
      : [`Retry-After: ${Math.ceil(refusal.retryAfterMs / 1_000)}`]),
    ...bareHeaders,
  ]
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref()
}

/** `host` has passed the edge (edge.ts), so it is safe to write into the policy. */
export function setHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  host: string | undefined,
  { secure, insists }: { readonly secure: boolean; readonly insists: boolean },
): void {
  const sockets = host === undefined ? "" : secure ? `wss://${host}` : `ws://${host} wss://${host}`
  response.setHeader("content-security-policy", page(sockets).replace(" ;", ";"))
  for (const [name, value] of Object.entries(fixed)) response.setHeader(name, value)
  // Said only where the person came by https: on plain http a browser ignores it, and on localhost it would do harm.
  // With a certificate that browsers do not know, nobody could pass their warning any more (RFC 6797 section 12.1).
  if (secure && insists) response.setHeader("strict-transport-security", "max-age=31536000")
  if (request.url?.startsWith("/api/")) response.setHeader("cache-control", "no-store")
}
