/**
 * `node attacker.ts KIND URL COUNT [FILE]`: what somebody else's machine would do, in a process of its own, so that it costs those who
 * measure nothing. Each connection comes from another loopback address, because the house counts by address. Says one line of JSON when
 * it has begun, and one when its input ends. FILE: sessions of people who are in a room (faults.ts).
 */
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { suite } from "@teahouse/judge/suite.ts"
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { decodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { privateMessage, random } from "@teahouse/server/room/log.fixture.ts"
import { WebSocket } from "ws"

type Session = { readonly session: Id; readonly signKey: string }
type Room = { readonly room: Id; readonly epoch: number; readonly people: readonly Session[] }

/** How soon somebody who was closed comes back: without any patience, and as a page does that tries at once. */
const AGAIN_MS = 20
const STORM_MS = 250

const [kind = "", url = "", many = "0", file] = process.argv.slice(2)
const count = Number(many)
const { host, port, hostname } = new URL(url)
const seen = { open: 0, closed: 0, ready: 0, refused: 0, sent: 0, ms: undefined as number | undefined }
const tell = () => process.stdout.write(`${JSON.stringify(seen)}\n`)
const addressOf = (i: number) => `127.${1 + ((i >> 16) & 63)}.${(i >> 8) & 255}.${1 + (i & 127)}`

function plain(i: number, head: string, then: (socket: Socket) => void): void {
  const socket = connect({ host: hostname, port: Number(port), localAddress: addressOf(i) }, () => {
    seen.open++
    socket.write(head)
    then(socket)
  })
  socket.on("error", () => {})
  socket.on("data", () => {})
  socket.on("close", () => seen.closed++)
}
const drip = (socket: Socket) => {
  const timer = setInterval(() => (socket.writable ? socket.write("a") : clearInterval(timer)), 1_000)
}

const upgrade = `GET ${SOCKET_PATH} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`

/** Greets as a member, and again as soon as the house has closed. */
function member(i: number, { session, signKey }: Session, ready: (socket: WebSocket) => void): void {
  const socket = new WebSocket(url.replace("http", "ws") + SOCKET_PATH, {
    ...{ origin: url, perMessageDeflate: false, localAddress: addressOf(i) },
  })
  let greeted = false
  socket.on("error", () => {})
  socket.on("close", () => {
    seen.closed++
    if (greeted) seen.ready--
    setTimeout(() => member(i, { session, signKey }, ready), kind === "storm" ? STORM_MS : AGAIN_MS)
  })
  socket.on("message", async (data: Buffer) => {
    const down = decodeDown(data)
    if (!down.ok) return
    if (down.value.t === "refused" || down.value.t === "failed") seen.refused++
    if (down.value.t === "challenge") {
      const { house, nonce, major, minor } = down.value
      const key = fromBase64url(signKey) as Uint8Array
      const signature = await (await suite()).signature.sign(key, greetingBytes(house, nonce, session))
      socket.send(encodeUp({ t: "hello", major, minor, session, signature }), () => {})
    }
    if (down.value.t !== "ready") return
    greeted = true
    seen.open++
    seen.ready++
    ready(socket)
  })
}
const room = () => JSON.parse(readFileSync(file as string, "utf8")) as Room

const kinds: Record<string, () => void> = {
  /** A header that never ends. */
  headers: () => each((i) => plain(i, `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `, drip)),
  bodies: () =>
    each((i) => {
      const head = `POST /api/login/start HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{`
      plain(i, head, drip)
    }),
  /** Half of them never finish the upgrade, half never say who they are. */
  handshakes: () =>
    each((i) => (i % 2 ? plain(i, `${upgrade}X-Slow: `, drip) : plain(i, `${upgrade}\r\n`, () => {}))),
  /** All at once: as many as there are, each waiting for the house's first word. */
  arrival() {
    const began = performance.now()
    let answers = 0
    const answered = () => {
      if (++answers < count) return
      seen.ms = performance.now() - began
      tell()
    }
    for (let i = 0; i < count; i++) {
      const socket = connect({ host: hostname, port: Number(port), localAddress: addressOf(i) }, () => {
        seen.open++
        socket.write(`${upgrade}\r\n`)
      })
      socket.on("error", () => {})
      let heard = false
      socket.on("close", () => {
        seen.closed++
        if (heard) return
        seen.refused++
        answered()
      })
      socket.once("data", (part: Buffer) => {
        heard = true
        if (!part.toString("latin1").startsWith("HTTP/1.1 101")) seen.refused++
        answered()
      })
    }
  },
  /** Members who listen to a loud room and read nothing of it; the first is the one who is loud. */
  readers() {
    const { room: id, epoch, people } = room()
    people.forEach((who, i) => {
      member(i, who, (socket) => {
        if (i > 0) {
          socket.send(encodeUp({ t: "subscribe", rooms: [{ room: id, incarnation: 1, seq: epoch + 1 }] }))
          setTimeout(() => socket.pause(), 300)
          return
        }
        let n = 1_000 + Math.floor(performance.now())
        const timer = setInterval(() => {
          if (socket.readyState !== socket.OPEN) return clearInterval(timer)
          const items = [{ n: n++, body: large(id, epoch) }]
          socket.send(encodeUp({ t: "send", room: id, generation: 0, epoch, items }), () => {})
          seen.sent++
        }, 60)
      })
    })
  },
  /** Members who say as much as the line takes, a thousand times what they may. */
  flood() {
    const { room: id, epoch, people } = room()
    people.forEach((who, i) => {
      member(i, who, (socket) => {
        let n = 1_000 + Math.floor(performance.now()) * 1_000
        const body = privateMessage(id, 0, epoch, random(130))
        const more = () => {
          if (socket.readyState !== socket.OPEN) return
          for (let k = 0; k < 200; k++) {
            const items = [{ n: n++, body }]
            socket.send(encodeUp({ t: "send", room: id, generation: 0, epoch, items }), () => {})
            seen.sent++
          }
          setTimeout(more, 10)
        }
        more()
      })
    })
  },
  /** Members who only want to be there, and come back at once when the house does. */
  storm() {
    const { people } = room()
    people.forEach((who, i) => {
      member(i, who, () => {
        if (seen.ready === people.length) tell()
      })
    })
  },
}

const LARGE = 200_000
/** With a ciphertext whose length takes four bytes (RFC 9420 section 2.1.2) in place of none. */
function large(id: Id, epoch: number): Uint8Array {
  const head = privateMessage(id, 0, epoch, new Uint8Array())
  const length = Buffer.alloc(4)
  length.writeUInt32BE(0x8000_0000 + LARGE)
  return Uint8Array.from(Buffer.concat([head.subarray(0, -1), length, randomBytes(LARGE)]))
}

function each(open: (i: number) => void): void {
  // Not faster than the machine's own queue takes them.
  let i = 0
  const timer = setInterval(() => {
    for (let k = 0; k < 100 && i < count; k++) open(i++)
    if (i === count) clearInterval(timer)
  }, 20)
}

kinds[kind]?.()
tell()
process.stdin.resume().on("end", () => {
  tell()
  process.exit(0)
})
