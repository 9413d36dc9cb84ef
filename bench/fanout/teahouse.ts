/** Members of a real room: greeted with their device's signature, subscribed, sending sealed-looking messages of 200 bytes. */
import { join } from "node:path"
import { suite } from "@teahouse/judge/suite.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { decodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import type { TestPerson } from "@teahouse/server/http/house.fixture.ts"
import { privateMessage, random, tempDir } from "@teahouse/server/room/log.fixture.ts"
import { WebSocket } from "ws"
import { createMeter, type Meter } from "./load.ts"
import { type Running, start } from "./process.ts"
import { type BenchRoom, buildRoom } from "./room.ts"

export async function openTeahouse(members: number, body: number) {
  const dir = tempDir()
  const server = await start("teahouse", dir.path)
  const url = `http://127.0.0.1:${server.port}`
  const room = await buildRoom(url, join(dir.path, "house.db"), members)
  const sockets: WebSocket[] = []
  const numbers = new Array<number>(members).fill(0)
  const payload = random(body - 67)

  const meter: Meter = createMeter({
    members,
    read: entriesIn,
    send(sender) {
      const n = numbers[sender] as number
      numbers[sender] = n + 1
      const { device } = room.people[sender] as TestPerson
      const bytes = privateMessage(room.room, 0, room.epoch, payload)
      const items = [{ n, body: bytes }]
      sockets[sender]?.send(encodeUp({ t: "send", room: room.room, generation: 0, epoch: room.epoch, items }))
      return `${device.device}${n}`
    },
  })
  for (const [i, who] of room.people.entries()) {
    // The first has made the room and used up a number for each commit.
    numbers[i] = room.epoch + 10
    sockets.push(await enter(server, room, who, meter))
  }
  return {
    server,
    meter,
    async close() {
      for (const socket of sockets) socket.terminate()
      await server.stop()
      dir.remove()
    },
  }
}

/** The messages in a frame of the house; undefined where it is none with entries. */
export function entriesIn(frame: Buffer): readonly string[] | undefined {
  const down = decodeDown(frame)
  if (!down.ok) throw new Error(`a frame of the house is ${down.error}`)
  if (down.value.t === "refused") throw new Error(`refused: ${JSON.stringify(down.value.error)}`)
  if (down.value.t !== "entries") return undefined
  return down.value.entries.map((entry) => `${entry.device}${entry.n}`)
}

/** Resolves once the member hears the room live. */
export async function enter(
  server: Running,
  room: BenchRoom,
  who: TestPerson,
  meter: Pick<Meter, "hear">,
): Promise<WebSocket> {
  const { socket, until } = greet(server, who)
  await until("ready")
  const rooms = [{ room: room.room, incarnation: 1, seq: room.epoch + 1 }]
  socket.send(encodeUp({ t: "subscribe", rooms }))
  await until("live")
  socket.on("message", (data: Buffer) => meter.hear(data))
  return socket
}

/** Somebody who is known and hears of no room. */
export async function known(server: Running, who: TestPerson): Promise<WebSocket> {
  const { socket, until } = greet(server, who)
  await until("ready")
  return socket
}

/** Answers the house's challenge; `until` waits for a frame of that kind, one after the other. */
function greet(server: Running, who: TestPerson) {
  const origin = `http://127.0.0.1:${server.port}`
  const socket = new WebSocket(origin.replace("http", "ws") + SOCKET_PATH, {
    origin,
    perMessageDeflate: false,
  })
  let wanted: { readonly kind: string; readonly done: () => void; readonly failed: (error: Error) => void }
  const hear = (data: Buffer) => {
    const down = decodeDown(data)
    if (!down.ok) return wanted.failed(new Error(down.error))
    const frame = down.value
    if (frame.t === "challenge") {
      const { house, nonce, major, minor } = frame
      const session = who.session.id
      void suite()
        .then((cs) => cs.signature.sign(who.device.signKey, greetingBytes(house, nonce, session)))
        .then((signature) => socket.send(encodeUp({ t: "hello", major, minor, session, signature })))
    } else if (frame.t === wanted.kind) wanted.done()
    else if (frame.t === "ended" || frame.t === "failed") wanted.failed(new Error(frame.error.kind))
  }
  return {
    socket,
    until: (kind: string) =>
      new Promise<void>((resolve, reject) => {
        const closed = (code: number) => reject(new Error(`the house closed a socket: ${code}`))
        const done = () => {
          socket.off("message", hear).off("close", closed).off("error", reject)
          resolve()
        }
        wanted = { kind, done, failed: reject }
        socket.on("message", hear).on("close", closed).on("error", reject)
      }),
  }
}
