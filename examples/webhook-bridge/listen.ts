/** An HTTP door for texts: POST with the secret, up to 16 KiB of UTF-8. */
import { createHash, timingSafeEqual } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"

const MOST = 16 * 1024
const hash = (text: string) => createHash("sha256").update(text).digest()

/** On this machine only. Gives the port. */
export async function listen(
  port: number,
  secret: string,
  say: (text: string) => Promise<void>,
): Promise<number> {
  const right = hash(`Bearer ${secret}`)
  const server = createServer(async (request, response) => {
    const end = (status: number) => response.writeHead(status).end()
    if (!timingSafeEqual(hash(request.headers.authorization ?? ""), right)) return end(401)
    if (request.method !== "POST") return end(405)
    try {
      const text = await textOf(request)
      if (text === undefined) return end(413)
      if (text.trim() !== "") await say(text)
      end(204)
    } catch (error) {
      console.error(error)
      end(500)
    }
  })
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  return (server.address() as AddressInfo).port
}

/** Undefined: too much of it. */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MOST) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString("utf8")
}
