/**
 * A house that lies to whoever comes by this address: the real one behind a proxy. Its page, files and answers pass as they are; what is said on the
 * sockets, the logs of rooms among it, is changed on its way. So a real page can be lied to, which has no code in it for tests.
 */
import { once } from "node:events"
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { type WebSocket, WebSocketServer } from "ws"
import { type Tamper, tampered } from "./headless/tamper.ts"

export type LyingHouse = {
  readonly url: string
  /** What it makes of frames; may be changed while it runs. */
  readonly tamper: Tamper
  /** Ends the sockets, as a network does: whoever was on them comes back and asks for the logs anew. */
  hangUp(): void
  close(): Promise<void>
}

/** `house`: the port of the real one. */
export async function openLyingHouse(house: number): Promise<LyingHouse> {
  const tamper: Tamper = {}
  const openSocket = tampered(tamper)
  const server = createServer((asked, answer) => pass(asked, answer, house))
  const sockets = new WebSocketServer({ server, path: SOCKET_PATH, perMessageDeflate: false })
  sockets.on("connection", (page: WebSocket) => {
    const there = openSocket(`ws://127.0.0.1:${house}${SOCKET_PATH}`, {
      open() {},
      message: (bytes) => page.send(bytes),
      close: () => page.close(),
    })
    // The house speaks first, so nothing comes before its end is open.
    page.on("message", (bytes: Buffer) => there.send(new Uint8Array(bytes)))
    page.on("close", () => there.close()).on("error", () => {})
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const hangUp = () => {
    for (const one of sockets.clients) one.terminate()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    tamper,
    hangUp,
    async close() {
      hangUp()
      server.closeAllConnections()
      await once(server.close(), "close")
    },
  }
}

/** With the name and the origin that the browser gave: the house looks at both. */
function pass(asked: IncomingMessage, answer: ServerResponse, house: number) {
  const { method, url: path, headers } = asked
  const there = request({ host: "127.0.0.1", port: house, method, path, headers }, (said) => {
    answer.writeHead(said.statusCode ?? 502, said.headers)
    said.pipe(answer)
  })
  there.on("error", () => answer.destroy())
  answer.on("close", () => there.destroy())
  asked.pipe(there)
}
