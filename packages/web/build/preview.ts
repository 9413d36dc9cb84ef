/**
 * Serves a built page on loopback with the policy that the house sends, for looking at it: `node build/preview.ts DIR PORT`.
 * Not part of the product.
 */
import { createReadStream, statSync } from "node:fs"
import { createServer } from "node:http"
import { extname, join, normalize } from "node:path"

const [directory = "dist", port = "0"] = process.argv.slice(2)
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
}
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types teahouse",
].join("; ")

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? "/", "http://x").pathname)
  const page = path === "/" || /^\/\d{1,2}(\/|$)/.test(path)
  const file = join(directory, page ? "index.html" : path)
  response.setHeader("content-security-policy", policy)
  try {
    if (!statSync(file).isFile()) throw new Error("not a file")
  } catch {
    response.writeHead(404).end("not here")
    return
  }
  response.writeHead(200, {
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "cache-control": "no-cache",
  })
  createReadStream(file).pipe(response)
})
server.listen(Number(port), "127.0.0.1", () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === "object" && address ? address.port : port}`)
})
