/** A house of a version to come, as far as a client of this one gets with it: its page, and a greeting that cannot be answered. */
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { extname, join, normalize } from "node:path"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { protocolVersion } from "@teahouse/protocol/version.ts"
import { WebSocketServer } from "ws"

const types: Readonly<Record<string, string>> = {
  ...{ ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" },
  ...{ ".svg": "image/svg+xml", ".wasm": "application/wasm" },
}

/** `web`: the folder of its page. */
export async function openNextMajor(port: number, web: string) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://house")
    const name = extname(pathname) === "" ? "/index.html" : normalize(pathname)
    try {
      if (pathname.startsWith("/api/")) throw new Error("nobody knows what it says there")
      const bytes = readFileSync(join(web, name))
      response
        .writeHead(200, { "content-type": types[extname(name)] ?? "application/octet-stream" })
        .end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  const sockets = new WebSocketServer({ server, path: SOCKET_PATH })
  const challenge = pack({
    t: "challenge",
    major: protocolVersion.major + 1,
    minor: 0,
    riddle: "what is tea?",
  })
  sockets.on("connection", (socket) => socket.send(challenge))
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async close() {
      for (const one of sockets.clients) one.terminate()
      server.closeAllConnections()
      await once(server.close(), "close")
    },
  }
}
