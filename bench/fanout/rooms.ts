/**
 * Many rooms of a few members, on the real house and on peers that know rooms. In each room its first member sends the next message when
 * all of that room have the one before; so as many messages are on their way as there are rooms that talk.
 */
import { once } from "node:events"
import { join } from "node:path"
import { encodeUp } from "@teahouse/protocol/wire.ts"
import type { TestPerson } from "@teahouse/server/http/house.fixture.ts"
import { privateMessage, random, tempDir } from "@teahouse/server/room/log.fixture.ts"
import { WebSocket } from "ws"
import { crowd } from "../../test/headless/crowd.ts"
import { createMeter, type Meter } from "./load.ts"
import { type Running, start } from "./process.ts"
import { type BenchRoom, roomOf } from "./room.ts"
import { enter, entriesIn } from "./teahouse.ts"

export type Shape = { readonly rooms: number; readonly members: number; readonly body: number }

export async function openHouseRooms(shape: Shape) {
  const dir = tempDir()
  const server = await start("teahouse", dir.path)
  const { meter, close } = await fillRooms(server, dir.path, shape)
  return {
    server,
    meter,
    async close() {
      close()
      await server.stop()
      dir.remove()
    },
  }
}

/** In a house that is open already, with whatever else is in it. `name`: how its people's names begin. */
export async function fillRooms(
  server: Running,
  folder: string,
  { rooms, members, body }: Shape,
  name = "guest",
) {
  const url = `http://127.0.0.1:${server.port}`
  const people = await crowd(url, rooms * members, false, name)
  const all: BenchRoom[] = []
  for (let i = 0; i < rooms; i++)
    all.push(await roomOf(url, join(folder, "house.db"), people.slice(i * members, (i + 1) * members)))
  const first: WebSocket[] = []
  const sockets: WebSocket[] = []
  const numbers = all.map((room) => room.epoch + 10)
  const payload = random(body - 67)
  const meter: Meter = createMeter({
    members,
    read: entriesIn,
    send(sender) {
      const { room, epoch, people: its } = all[sender] as BenchRoom
      const n = numbers[sender] as number
      numbers[sender] = n + 1
      const items = [{ n, body: privateMessage(room, 0, epoch, payload) }]
      first[sender]?.send(encodeUp({ t: "send", room, generation: 0, epoch, items }))
      return `${(its[0] as TestPerson).device.device}${n}`
    },
  })
  for (const room of all)
    for (const [i, who] of room.people.entries()) {
      const socket = await enter(server, room, who, meter)
      sockets.push(socket)
      if (i === 0) first.push(socket)
    }
  return {
    meter,
    close() {
      for (const socket of sockets) socket.terminate()
    },
  }
}

const PAD = "x"
/** `ws-rooms` and `socket.io`: the same number of sockets in the same rooms, the same bytes. `senders`: of one room, how many may talk at a time. */
export async function openPeerRooms(
  name: "ws-rooms" | "socket.io",
  { rooms, members, body }: Shape,
  senders = 1,
) {
  const server = await start(name)
  const isIo = name === "socket.io"
  const first: WebSocket[] = []
  const sockets: WebSocket[] = []
  const numbers = new Array<number>(rooms * senders).fill(0)
  const keyOf = (text: string) => text.slice(0, 16)
  const meter = createMeter({
    members,
    read(frame) {
      const text = frame.toString("latin1")
      if (!isIo) return [keyOf(text)]
      return text.startsWith('42["m","') ? [keyOf(text.slice(8))] : undefined
    },
    send(sender) {
      const n = (numbers[sender] as number) + 1
      numbers[sender] = n
      const key = `${String(sender).padStart(6, "0")}${String(n).padStart(10, "0")}`
      const text = key + PAD.repeat(body - key.length)
      first[sender]?.send(isIo ? `42["m","${text}"]` : text)
      return key
    },
  })
  for (let room = 0; room < rooms; room++)
    for (let i = 0; i < members; i++) {
      const path = isIo ? `/socket.io/?EIO=4&transport=websocket&room=${room}` : `/${room}`
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { perMessageDeflate: false })
      await once(socket, "open")
      if (isIo) {
        // Engine.IO 4: the namespace is entered by 40, a ping is answered.
        socket.send("40")
        await new Promise<void>((done) => {
          const wait = (data: Buffer) => {
            if (data.toString() !== '42["in"]') return
            socket.off("message", wait)
            done()
          }
          socket.on("message", wait)
        })
        socket.on("message", (data: Buffer) => {
          if (data.length === 1 && data[0] === 0x32) socket.send("3")
        })
      }
      socket.on("message", (data: Buffer) => meter.hear(data))
      sockets.push(socket)
      if (i < senders) first.push(socket)
    }
  return {
    server,
    meter,
    async close() {
      for (const socket of sockets) socket.terminate()
      await server.stop()
    },
  }
}
