/**
 * Serves a built page on loopback with the policy that the house sends, for looking at it: `node build/preview.ts DIR PORT`.
 * Not part of the product.
 */
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join, normalize } from "node:path"

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
}
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types teahouse",
].join("; ")

export async function servePreview(directory: string, port = 0): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://x").pathname)
    const page = path === "/" || /^\/\d{1,2}(\/|$)/.test(path)
    response.setHeader("content-security-policy", policy)
    try {
      const file = join(directory, page ? "index.html" : path)
      const bytes = readFileSync(file)
      const type = types[extname(file)] ?? "application/octet-stream"
      response.writeHead(200, { "content-type": type, "cache-control": "no-cache" }).end(bytes)
    } catch {
      response.writeHead(404).end("not here")
    }
  })
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

if (import.meta.main) {
  const [directory = "dist", port = "0"] = process.argv.slice(2)
  console.log((await servePreview(directory, Number(port))).url)
}
