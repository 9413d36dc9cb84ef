import { once } from "node:events"
import { createServer } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { afterEach, expect, it } from "vitest"
import { createClientAddress, trustedBy } from "./client-address.ts"
import { createConnectionBound } from "./connection-bound.ts"
import { writeBare } from "./headers.ts"
import { openTestHouse } from "./house.fixture.ts"

const opened: Socket[] = []
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy()
  for (const close of closing.splice(0)) await close()
})

function plain(port: number): Socket {
  const socket = connect(port, "127.0.0.1")
  socket.on("error", () => {})
  opened.push(socket)
  return socket
}
/** What it is told; "" where it is only closed. */
async function answer(socket: Socket): Promise<string> {
  let text = ""
  socket.on("data", (part) => {
    text += String(part)
  })
  await Promise.race([once(socket, "data"), once(socket, "close")])
  return text
}
const gone = async (socket: Socket) => {
  if (socket.closed) return
  socket.destroy()
  await once(socket, "close")
}
function upgradeOf(port: number, client?: string): string {
  const forwarded = client === undefined ? "" : `X-Forwarded-For: ${client}\r\n`
  return `GET ${SOCKET_PATH} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${forwarded}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
}
/** An upgrade by hand; resolves with the answer's first line. */
async function upgrade(port: number, client?: string) {
  const socket = plain(port)
  socket.write(upgradeOf(port, client))
  const text = await answer(socket)
  if (!text.startsWith("HTTP/1.1 101 ")) await gone(socket)
  return { socket, status: text.split(" ")[1], text }
}

/** A server that keeps whatever comes, and upgrades by nothing but words. */
async function bounded(connectionsPerAddress: number, proxies: readonly string[] = [], bare = true) {
  const limits = { connectionsPerAddress }
  let reached = 0
  const bound = createConnectionBound({
    ...{ limits, clientAddress: createClientAddress(proxies), trusted: trustedBy(proxies) },
    onReached: () => reached++,
  })
  let asked = 0
  const server = createServer((_request, response) => {
    asked++
    response.end("here")
  })
  server.on("upgrade", (request, socket) => {
    const leave = bound.enter(request)
    if (typeof leave !== "function") return writeBare(socket, leave)
    socket
      .once("close", leave)
      .on("error", () => {})
      .on("end", () => socket.end())
      .resume()
    socket.write("HTTP/1.1 101 Switching\r\n\r\n")
  })
  bound.watch(server, bare)
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  closing.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const counted = async () => {
    const socket = plain(port)
    await once(socket, "connect")
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    const text = await answer(socket)
    if (!text.startsWith("HTTP/1.1 200 ")) await gone(socket)
    return { socket, text }
  }
  return { port, limits, counted, reached: () => reached, asked: () => asked }
}

it("a network has so many connections; one more is told why in both languages, and has a place when one is gone", async () => {
  const { port, counted, reached } = await bounded(2)
  const first = await counted()
  await counted()
  const over = plain(port)
  const text = await answer(over)
  expect(text).toMatch(/^HTTP\/1\.1 429 .*\r\nRetry-After: 30\r\n/s)
  const body = JSON.parse(text.slice(text.indexOf("\r\n\r\n")))
  expect(body).toMatchObject({ kind: "rate_limited", retryAfterMs: 30_000 })
  expect(body.detail.zh).toContain("连接太多")
  expect(body.detail.en).toContain("too many connections")
  expect(reached()).toBe(1)
  await gone(first.socket)
  await expect.poll(async () => (await counted()).text).toMatch(/^HTTP\/1\.1 200 /)
})

it("where TLS would have to be spoken first, it is only closed", async () => {
  const { port, counted } = await bounded(1, [], false)
  await counted()
  expect(await answer(plain(port))).toBe("")
})

it("what has become a socket is counted as one, and no longer as the other", async () => {
  const { port, counted } = await bounded(2)
  for (let i = 0; i < 2; i++) expect((await upgrade(port)).status).toBe("101")
  await counted()
  expect((await upgrade(port)).status).toBe("429")
  await expect.poll(async () => (await counted()).text).toMatch(/^HTTP\/1\.1 200 /)
})

it("a trusted proxy is not counted, those behind it are, each by their own address and an IPv6 one by its network", async () => {
  const { port, counted } = await bounded(2, ["127.0.0.1"])
  for (let i = 0; i < 4; i++) expect((await counted()).text).toMatch(/^HTTP\/1\.1 200 /)
  const [first] = [await upgrade(port, "203.0.113.7"), await upgrade(port, "203.0.113.7")]
  expect((await upgrade(port, "203.0.113.7")).status).toBe("429")
  expect((await upgrade(port, "203.0.113.8")).status).toBe("101")
  await upgrade(port, "2001:db8::1")
  await upgrade(port, "2001:db8::2")
  expect((await upgrade(port, "2001:db8::3")).status).toBe("429")
  expect((await upgrade(port, "2001:db8:0:1::3")).status).toBe("101")
  await gone(first.socket)
  await expect.poll(async () => (await upgrade(port, "203.0.113.7")).status).toBe("101")
})

it("a bound that is raised while the house is open holds at once", async () => {
  const { port, limits, counted } = await bounded(1)
  await counted()
  expect(await answer(plain(port))).toMatch(/^HTTP\/1\.1 429 /)
  limits.connectionsPerAddress = 5
  expect((await counted()).text).toMatch(/^HTTP\/1\.1 200 /)
})

it("an upgrade that is refused and never closes does not stay", async () => {
  const { port } = await bounded(1)
  expect((await upgrade(port)).status).toBe("101")
  const over = connect({ port, host: "127.0.0.1", allowHalfOpen: true })
  opened.push(over)
  over.write(upgradeOf(port))
  expect(await answer(over)).toMatch(/^HTTP\/1\.1 429 /)
  // Its own side stays open; writing to what is gone is answered by a reset.
  const reset = new Promise((done) => over.once("close", done))
  over.on("error", () => {})
  const knocking = setInterval(() => over.write("x"), 50)
  await reset
  clearInterval(knocking)
})

it("what is asked by a connection over the bound is not answered", async () => {
  const { port, counted, asked } = await bounded(1)
  await counted()
  const over = plain(port)
  over.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
  let text = ""
  over.on("data", (part) => {
    text += String(part)
  })
  await new Promise((done) => over.once("close", done))
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 429"])
  expect(asked()).toBe(1)
})

it("holds at the door of a whole house, at both of its ports", async () => {
  const house = await openTestHouse({
    limits: { connectionsPerAddress: 2 },
    trustedProxies: [],
    socketPort: 0,
  })
  closing.push(() => house.remove())
  const at = house.socketPort as number
  const sockets = [await upgrade(house.port), await upgrade(at)]
  expect(sockets.map(({ status }) => status)).toEqual(["101", "101"])
  const over = await upgrade(at)
  expect(over.status).toBe("429")
  expect(over.text).toContain("connections_per_address")
  await gone(sockets[0]?.socket as Socket)
  await expect.poll(async () => (await upgrade(house.port)).status).toBe("101")
  const silent = [plain(house.port), plain(at)]
  await Promise.all(silent.map((socket) => once(socket, "connect")))
  await expect.poll(() => answer(plain(house.port))).toMatch(/^HTTP\/1\.1 429 /)
})
