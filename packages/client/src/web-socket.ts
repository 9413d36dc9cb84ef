/** The platform's WebSocket (browsers, workers, Node) behind our port. */
import type { OpenSocket } from "./platform.ts"

export const openWebSocket: OpenSocket = (url, handlers) => {
  const socket = new WebSocket(url)
  socket.binaryType = "arraybuffer"
  let closed = false
  const close = () => {
    if (closed) return
    closed = true
    handlers.close()
  }
  socket.addEventListener("open", () => handlers.open())
  socket.addEventListener("message", (event) => {
    // A text frame is not ours; the empty frame is refused by the parser.
    const data: unknown = event.data
    if (!closed) handlers.message(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array())
  })
  socket.addEventListener("close", close)
  socket.addEventListener("error", close)
  return {
    send(bytes) {
      if (socket.readyState === 1) socket.send(bytes as Uint8Array<ArrayBuffer>)
    },
    close() {
      socket.close()
      close()
    },
  }
}
