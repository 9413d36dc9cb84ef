import type { Down } from "@teahouse/protocol/down.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { decodeUp, encodeDown } from "@teahouse/protocol/wire.ts"
import { expect, test } from "vitest"
import type { SocketHandlers } from "./platform.ts"
import { type ConnectionState, connect } from "./socket.ts"

const id = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const challenge: Down = { t: "challenge", house: id, nonce: new Uint8Array(32), major: 1, minor: 0 }

function world(jitter: () => number = () => 1) {
  let now = 0
  const due: { at: number; run: () => void }[] = []
  const sockets: { handlers: SocketHandlers; sent: Uint8Array[]; closed: boolean }[] = []
  const states: ConnectionState[] = []
  const frames: Down[] = []
  const connection = connect({
    url: "ws://x",
    clock: () => now,
    jitter,
    timers(ms, run) {
      const timer = { at: now + ms, run }
      due.push(timer)
      return () => void (due.includes(timer) && due.splice(due.indexOf(timer), 1))
    },
    openSocket(_url, handlers) {
      const socket = { handlers, sent: [] as Uint8Array[], closed: false }
      sockets.push(socket)
      return {
        send: (bytes) => void socket.sent.push(bytes),
        close: () => Object.assign(socket, { closed: true }),
      }
    },
    greet: async () => ({ session: id, signature: new Uint8Array(64) }),
    onFrame: (frame) => void frames.push(frame),
    onState: (state) => void states.push(state),
    onRefused: () => {},
  })
  const advance = (ms: number) => {
    const end = now + ms
    for (;;) {
      const next = due.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      due.splice(due.indexOf(next), 1)
      now = next.at
      next.run()
    }
    now = end
  }
  const say = (frame: Down, at = sockets.length - 1) => sockets[at]?.handlers.message(encodeDown(frame))
  return { connection, sockets, states, frames, advance, say }
}
const settle = () => new Promise((done) => setTimeout(done))

test("greets, and sends only when ready", async () => {
  const { connection, sockets, say } = world()
  expect(connection.send({ t: "ping" })).toBe(false)
  say(challenge)
  await settle()
  const hello = decodeUp(sockets[0]?.sent[0] as Uint8Array)
  expect(hello.ok && hello.value.t).toBe("hello")
  say({ t: "ready", incarnation: 1, time: 1 })
  expect(connection.state().state).toBe("connected")
  expect(connection.send({ t: "ping" })).toBe(true)
})

test("comes back with growing pauses, and at once when asked", async () => {
  const { connection, sockets, advance } = world()
  sockets[0]?.handlers.close()
  expect(connection.state()).toMatchObject({ state: "offline", retryAt: 500 })
  advance(500)
  expect(sockets.length).toBe(2)
  sockets[1]?.handlers.close()
  expect(connection.state()).toMatchObject({ retryAt: 1500 })
  connection.reconnect()
  expect(sockets.length).toBe(3)
})

test("people who lost the house at one moment come back spread, each pause between half and all of its own bound", () => {
  const bounds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
  const waits = [0, 0.25, 0.5, 0.999].map((drawn) => {
    const { connection, sockets, advance } = world(() => drawn)
    let now = 0
    return bounds.map(() => {
      sockets.at(-1)?.handlers.close()
      const before = sockets.length
      const wait = (connection.state().retryAt ?? Number.NaN) - now
      advance(wait - 1)
      expect(sockets.length).toBe(before)
      advance(1)
      expect(sockets.length).toBe(before + 1)
      now += wait
      return wait
    })
  })
  for (const [i, bound] of bounds.entries()) {
    const of = waits.map((one) => one[i] ?? Number.NaN)
    expect(new Set(of).size).toBe(of.length)
    for (const wait of of) expect([wait >= bound / 2, wait <= bound]).toEqual([true, true])
    expect(Math.max(...of) - Math.min(...of)).toBeGreaterThan(bound * 0.49)
  }
})

test("a silent connection is dead; an older socket is not heard", async () => {
  const { connection, sockets, advance, say, frames } = world()
  say(challenge)
  await settle()
  say({ t: "ready", incarnation: 1, time: 1 })
  advance(61_000)
  expect(sockets[0]?.closed).toBe(true)
  expect(connection.state().state).not.toBe("connected")
  const before = frames.length
  say({ t: "pong", time: 2 }, 0)
  expect(frames.length).toBe(before)
})

test("a frame that is not ours ends the connection, never the client", () => {
  const { connection, sockets } = world()
  sockets[0]?.handlers.message(Uint8Array.of(0xc1, 1, 2))
  expect(connection.state().state).toBe("offline")
})

test("what a newer house says beyond what is known here is passed over", async () => {
  const { connection, sockets, frames } = world()
  const say = (value: unknown) => sockets[0]?.handlers.message(pack(value))
  const nonce = new Uint8Array(32)
  say({ t: "challenge", house: idBytes(id), nonce, major: 1, minor: 7, riddle: "?" })
  await settle()
  expect(sockets[0]?.sent).toHaveLength(1)
  say({ t: "ready", incarnation: 1, time: 1, weather: "rain" })
  say({ t: "weather", says: "rain" })
  say({ t: "hint", topics: ["weather", "notebook"] })
  expect(frames.slice(1)).toEqual([{ t: "hint", topics: ["notebook"] }])
  expect(connection.state()).toEqual({ state: "connected" })
})

test("a house of another major is said to be one until a house answers that is not", async () => {
  const { connection, sockets, advance, say } = world()
  for (const [attempt, other] of [
    encodeDown({ ...challenge, major: 2 } as Down),
    pack({ t: "challenge", major: 2, riddle: "what is tea?" }),
  ].entries()) {
    sockets[attempt]?.handlers.message(other)
    await settle()
    expect(sockets[attempt]).toMatchObject({ sent: [], closed: true })
    expect(connection.state()).toMatchObject({ state: "offline", otherVersion: true })
    advance(60_000)
    expect(connection.state()).toMatchObject({ state: "connecting", otherVersion: true })
  }
  say(challenge)
  await settle()
  say({ t: "ready", incarnation: 1, time: 1 })
  expect(connection.state()).toEqual({ state: "connected" })
  sockets[2]?.handlers.close()
  expect(connection.state()).not.toHaveProperty("otherVersion")
})
