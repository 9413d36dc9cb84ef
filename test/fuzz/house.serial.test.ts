/**
 * A live house is sent what nobody should send it, before and after the greeting, on the socket and over HTTP. It answers or
 * hangs up, and all the while serves somebody else. The decoders alone meet 100,000 such frames in protocol/src/fuzz.test.ts.
 */
import { connect } from "node:net"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { concat } from "@teahouse/protocol/bytes.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { encodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { afterAll, beforeAll, expect, test } from "vitest"
import { mutate, seeded } from "../../packages/protocol/src/mutate.fixture.ts"
import { downs, ups } from "../../packages/protocol/src/samples.fixture.ts"
import { type House, openHouse } from "../house.ts"
import { type Account, dial, greet, openAccount, type Peer } from "./peer.ts"

const seed = Number(process.env.TEAHOUSE_FUZZ_SEED ?? 20_261_122)
/** Frames on live sockets after the greeting: a few seconds here, ten times as many in CI. */
const live = Number(process.env.TEAHOUSE_FUZZ_FRAMES ?? 2_000)
/** Argon2id as cheap as it goes: passwords are not what is tested. */
const cheap = { memory: 8, iterations: 1, parallelism: 1 }
const crypto = createCrypto(cheap)
const valid = [...Object.values(ups).map(encodeUp), ...Object.values(downs).map(encodeDown)]

let house: House
/** Most of a frame's time is waiting for its answer, so that several people say theirs at once. */
const speakers = 4
let accounts: Account[]
let witness: Peer

beforeAll(async () => {
  const environment = {
    TEAHOUSE_STRETCHING: `${cheap.memory},${cheap.iterations},${cheap.parallelism}`,
    TEAHOUSE_LIMIT_REQUESTS_PER_SECOND_ADDRESS: "1000000",
    TEAHOUSE_LIMIT_REQUEST_BURST_ADDRESS: "1000000",
  }
  house = await openHouse({ environment })
  accounts = await Promise.all(
    Array.from({ length: speakers }, (_, n) => openAccount(house.url, crypto, `fuzzer-${n}`)),
  )
  witness = await greet(house.url, await openAccount(house.url, crypto, "witness"), crypto)
})
afterAll(async () => {
  witness.close()
  await house.remove()
})

/** Somebody else is served: the same socket as before, and a new request. */
async function serves(): Promise<void> {
  witness.send(encodeUp({ t: "ping" }))
  expect((await witness.next("pong"))?.t).toBe("pong")
  expect((await fetch(`${house.url}/readyz`)).status).toBe(200)
}

/** Says the frames one by one, on as many connections as it takes. Gives how many connections that were. */
async function say(frames: readonly Uint8Array[], open: () => Promise<Peer>): Promise<number> {
  let connections = 0
  let peer: Peer | undefined
  for (const frame of frames) {
    if (!peer?.isOpen()) {
      peer = await open()
      connections++
    }
    peer.send(frame)
    // Every answer and every hanging-up has come once a ping after it is answered, or the socket has closed.
    peer.send(encodeUp({ t: "ping" }))
    await Promise.race([peer.next("pong"), peer.closed])
  }
  peer?.close()
  return connections
}

test("frames before the greeting", async () => {
  const random = seeded(seed)
  const frames = Array.from({ length: 300 }, () => mutate(valid[random(valid.length)] ?? concat(), random))
  const open = async () => {
    const peer = dial(house.url)
    await peer.next("challenge")
    return peer
  }
  expect(await say(frames, open)).toBeGreaterThan(100)
  await serves()
}, 120_000)

test("frames after the greeting", async () => {
  const random = seeded(seed + 1)
  const frames = Array.from({ length: live }, (_, i) =>
    i % 10 === 0
      ? Uint8Array.from({ length: random(64) }, () => random(256))
      : mutate(valid[random(valid.length)] ?? concat(), random),
  )
  const connections = await Promise.all(
    accounts.map((account, n) =>
      say(
        frames.filter((_, i) => i % speakers === n),
        () => greet(house.url, account, crypto),
      ),
    ),
  )
  for (const each of connections) expect(each).toBeGreaterThan(10)
  await serves()
}, 600_000)

test("frames that are large, deep, or text", async () => {
  const frames: (Uint8Array | string)[] = [
    new Uint8Array(1024 * 1024 + 1),
    new Uint8Array(8 * 1024 * 1024),
    new Uint8Array(1024 * 1024).fill(0x91),
    new Uint8Array(1024 * 1024).fill(0x81),
    new Uint8Array(),
    "hello",
    '{"t":"ping"}',
    pack({
      t: "send",
      room: new Uint8Array(16),
      generation: 0,
      epoch: 2 ** 52,
      items: [{ n: 1, body: new Uint8Array(200_000) }],
    }),
  ]
  for (const frame of frames) {
    const peer = await greet(house.url, accounts[0] as Account, crypto)
    peer.send(frame)
    peer.send(encodeUp({ t: "ping" }))
    await Promise.race([peer.next("pong"), peer.closed])
    peer.close()
  }
  await serves()
})

test("a socket that is opened and says nothing useful with its upgrade", async () => {
  const port = house.port
  const heads = [
    "GET /api/socket HTTP/1.1\r\n\r\n",
    `GET /api/socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    `GET /api/socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    `GET /elsewhere HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${"y".repeat(100_000)}\r\n\r\n`,
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "\0".repeat(1000),
  ]
  for (const head of heads) {
    const answer = await new Promise<string>((done) => {
      let text = ""
      const socket = connect(port, "127.0.0.1", () => socket.end(head))
      socket.on("data", (bytes) => {
        text += bytes.toString("latin1")
      })
      socket.on("error", () => {}).on("close", () => done(text))
    })
    expect(answer).not.toMatch(/^HTTP\/1\.1 (101|200|5)/)
  }
  await serves()
})

test("bodies that are no bodies, on every route", async () => {
  const random = seeded(seed + 2)
  const text = JSON.stringify({
    username: "lilei",
    user: "A".repeat(22),
    request: "AAAA",
    n: 1,
    rooms: [[[]]],
  })
  const ids = (path: string) =>
    path.replace(/:[a-z]+/g, () => (random(2) === 0 ? "A".repeat(22) : "..%2f..%00"))
  for (const [name, route] of Object.entries(routes)) {
    for (let i = 0; i < 6; i++) {
      const body = new Uint8Array(mutate(new TextEncoder().encode(text), random))
      const answer = await fetch(`${house.url}/api${ids(route.path)}`, {
        method: route.method,
        headers: { "content-type": "application/json", authorization: `Bearer ${"A".repeat(random(60))}` },
        ...(route.method === "GET" ? {} : { body }),
      })
      const said = await answer.text()
      // `house` and `logout` need nothing of the body; nothing else is let through, and nothing is the house's own fault.
      if (name !== "house") expect(answer.status, `${name}: ${said}`).toBeGreaterThanOrEqual(400)
      expect(answer.status, `${name}: ${said}`).toBeLessThan(500)
      expect(said.length).toBeLessThan(5_000)
    }
  }
  await serves()
})

test("the house has logged no fault of its own", () => {
  expect(house.output()).not.toMatch(/"level":(50|60)|uncaught|unhandled/i)
})
