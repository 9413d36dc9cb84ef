/** What costs a house memory and time before anybody has shown who they are, and what a device gains by coming back. */
import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { encodeUp } from "@teahouse/protocol/wire.ts"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import { listen, login, openTestHouse, register, type TestHouse } from "../http/house.fixture.ts"
import { openTestRoom } from "../room/log.fixture.ts"
import {
  dial,
  enter,
  enterRoom,
  member,
  message,
  openSocketHouse,
  type SocketHouse,
} from "./socket.fixture.ts"

/** Sockets and log alone, where a device may say twenty frames and then one in four minutes; and a whole house. */
let house: SocketHouse
let whole: TestHouse
const plains: Socket[] = []
beforeAll(async () => {
  house = await openSocketHouse({ limits: { sendsPerSecond: 0.001, sendBurst: 5 } })
  whole = await openTestHouse({ trustedProxies: ["127.0.0.1"] })
})
afterEach(() => {
  for (const socket of plains.splice(0)) socket.destroy()
})
afterAll(async () => {
  await house.close()
  await whole.remove()
})
/** A connection by hand, which stays open until the test ends. */
function plain(url: string, text: string): Socket {
  const { port, hostname } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname }, () => socket.write(text))
  socket.on("error", () => {})
  plains.push(socket)
  return socket
}
const answerTo = async (socket: Socket): Promise<string> => String((await once(socket, "data"))[0])

it("before the greeting no more is kept than a greeting has, although a frame may have more", async () => {
  const line = dial(house.url)
  await line.next("challenge")
  // All of a megabyte but its last byte: it would lie here until the house loses patience.
  const raw = (line.socket as unknown as { _socket: Socket })._socket
  const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x0f, 0, 0, 1, 2, 3, 4])
  raw.write(Buffer.concat([head, Buffer.alloc(8_000)]))
  expect((await line.next("failed")).error.kind).toBe("too_large")
  await line.closed()
})

it("after it a frame has the room that frames have", async () => {
  const lin = await member(house.db, 0)
  const { room } = await openTestRoom(house.db, [lin])
  const line = await enterRoom(house, lin, room)
  line.say(message(room, [2], 0, 16_000))
  await line.next("accepted")
})

it("a device that says too much is closed, and coming back gives it no more; others go on", async () => {
  const [lin, mei] = [await member(house.db, 0), await member(house.db, 1)]
  const line = await enter(house, lin)
  for (let i = 0; i < 5 * 4 + 1; i++) line.say({ t: "ping" })
  expect((await line.next("failed")).error.kind).toBe("rate_limited")
  const again = await enter(house, lin)
  again.say({ t: "ping" })
  expect((await again.next("failed")).error.kind).toBe("rate_limited")
  const other = await enter(house, mei)
  other.say({ t: "ping" })
  await other.next("pong")
})

it("what a flood says after it was closed is not even read", async () => {
  const line = await enter(house, await member(house.db, 0))
  const raw = (line.socket as unknown as { _socket: Socket })._socket
  const ping = encodeUp({ t: "ping" })
  // RFC 6455 section 5.2: a whole binary frame, masked with zeros.
  const frame = Buffer.concat([Buffer.from([0x82, 0x80 | ping.length, 0, 0, 0, 0]), ping])
  // More than what a kernel keeps for both ends.
  const flood = Buffer.alloc(20_000_000 - (20_000_000 % frame.length), frame)
  const written = new Promise<unknown>((done) => raw.write(flood, done))
  expect((await line.next("failed")).error.kind).toBe("rate_limited")
  await line.closed()
  expect(await written).toBeInstanceOf(Error)
})

it("a body of somebody who has not signed in is small, and of one address only so many lie here unfinished", async () => {
  const { host } = new URL(whole.url)
  const post = (length: number, part: number) =>
    plain(
      whole.url,
      `POST /api/login/start HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${"x".repeat(part)}`,
    )
  expect(await answerTo(post(40_000, 10))).toMatch(/^HTTP\/1\.1 413 /)
  // 4 MiB of them are begun, each but for its end.
  const held = Array.from({ length: 128 }, () => post(32 * 1024, 1))
  await expect.poll(() => answerTo(post(32 * 1024, 1)), { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 429 /)
  for (const socket of held) socket.destroy()
  await expect
    .poll(
      () => whole.call("loginParameters", { request: { username: "whoever" } }).then(({ status }) => status),
      {
        timeout: 10_000,
      },
    )
    .toBe(200)
})

it("as deep as a body of somebody who has signed in may be is malformed", async () => {
  const { token } = await register(whole, "deep")
  const { status, text } = await whole.raw({
    ...{ method: "PUT", path: "/api/notebook", body: `${"[".repeat(100_000)}${"]".repeat(100_000)}` },
    headers: { "content-type": "application/json", authorization: `Bearer ${toBase64url(token)}` },
  })
  expect([status, JSON.parse(text).kind]).toEqual([400, "malformed"])
})

it("while hundreds of headers, bodies and upgrades never end, people register, sign in and open their socket", async () => {
  const { host } = new URL(whole.url)
  const upgrade = `GET ${SOCKET_PATH} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${whole.url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`
  const body = `POST /api/login/start HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{`
  for (let i = 0; i < 150; i++) {
    plain(whole.url, `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `)
    plain(whole.url, body)
    plain(whole.url, upgrade)
    plain(whole.url, `${upgrade}\r\n`)
  }
  const lin = await register(whole, "lin")
  expect((await login(whole, "lin", lin.password)).entered?.status).toBe(200)
  const ears = await listen(whole, lin)
  const { entered } = await login(whole, "lin", lin.password)
  expect(entered?.status).toBe(200)
  ears.close()
  expect((await whole.raw({ path: "/readyz" })).status).toBe(200)
})

it("over IPv6 the many addresses of one network count as one, and another network goes on", async () => {
  const { host } = new URL(whole.url)
  const post = (address: string) =>
    plain(
      whole.url,
      `POST /api/login/start HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-For: ${address}\r\nContent-Type: application/json\r\nContent-Length: 32768\r\n\r\nx`,
    )
  // One more than 4 MiB of them; none is whole, so that only the one too many is answered.
  const answers = Array.from({ length: 129 }, (_, n) => answerTo(post(`2001:db8:0:1::${n.toString(16)}`)))
  expect(await Promise.race(answers)).toMatch(/^HTTP\/1\.1 429 /)
  const request = { request: { username: "whoever" } }
  expect((await whole.call("loginParameters", request)).status).toBe(200)
})
