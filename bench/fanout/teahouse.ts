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
  meter: Meter,
): Promise<WebSocket> {
  const origin = `http://127.0.0.1:${server.port}`
  const socket = new WebSocket(origin.replace("http", "ws") + SOCKET_PATH, {
    origin,
    perMessageDeflate: false,
  })
  const cs = await suite()
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject)
    socket.on("close", (code) => reject(new Error(`the house closed a socket: ${code}`)))
    const greet = (data: Buffer) => {
      const down = decodeDown(data)
      if (!down.ok) return reject(new Error(down.error))
      const frame = down.value
      if (frame.t === "challenge") {
        const { house, nonce, major, minor } = frame
        const session = who.session.id
        void cs.signature
          .sign(who.device.signKey, greetingBytes(house, nonce, session))
          .then((signature) => socket.send(encodeUp({ t: "hello", major, minor, session, signature })))
      } else if (frame.t === "ready") {
        const rooms = [{ room: room.room, incarnation: 1, seq: room.epoch + 1 }]
        socket.send(encodeUp({ t: "subscribe", rooms }))
      } else if (frame.t === "live") {
        socket.off("message", greet)
        socket.on("message", (data: Buffer) => meter.hear(data))
        resolve()
      } else if (frame.t === "ended" || frame.t === "failed") reject(new Error(frame.error.kind))
    }
    socket.on("message", greet)
  })
  return socket
}
