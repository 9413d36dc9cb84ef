/**
 * Two people who talk while something goes wrong: one says a line every 100 ms, half of what the house allows, the other waits for it. As
 * a client does, a line that is not acknowledged is said again with the same bytes after coming back, and reading goes on where it was.
 */
import { setTimeout as pause } from "node:timers/promises"
import { suite } from "@teahouse/judge/suite.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { decodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { callerOf, type TestPerson } from "@teahouse/server/http/house.fixture.ts"
import { privateMessage, random } from "@teahouse/server/room/log.fixture.ts"
import { WebSocket } from "ws"
import type { BenchRoom } from "../fanout/room.ts"

const EVERY_MS = 100
const AGAIN_MS = 100
const BODY = 200

export type Honest = ReturnType<typeof talk>

/** A socket that comes back by itself, and says what it hears. */
function line(url: () => string, who: TestPerson, hear: (frame: Down, say: Say) => void) {
  let socket: WebSocket | undefined
  let open = true
  let greeted = false
  const say: Say = (frame) => {
    if (greeted) socket?.send(encodeUp(frame), () => {})
  }
  const dial = () => {
    if (!open) return
    const origin = url()
    socket = new WebSocket(origin.replace("http", "ws") + SOCKET_PATH, { origin, perMessageDeflate: false })
    socket.on("error", () => {})
    socket.on("close", () => {
      greeted = false
      setTimeout(dial, AGAIN_MS)
    })
    socket.on("message", async (data: Buffer) => {
      const down = decodeDown(data)
      if (!down.ok) return
      if (down.value.t === "challenge") {
        const { house, nonce, major, minor } = down.value
        const bytes = greetingBytes(house, nonce, who.session.id)
        const signature = await (await suite()).signature.sign(who.device.signKey, bytes)
        socket?.send(encodeUp({ t: "hello", major, minor, session: who.session.id, signature }), () => {})
        return
      }
      if (down.value.t === "ready") greeted = true
      hear(down.value, say)
    })
  }
  dial()
  return {
    say,
    close() {
      open = false
      socket?.terminate()
    },
  }
}
type Down = Extract<ReturnType<typeof decodeDown>, { ok: true }>["value"]
type Say = (frame: Parameters<typeof encodeUp>[0]) => void

export function talk(url: () => string, { room, epoch, people }: BenchRoom) {
  const [speaker, listener] = people as readonly TestPerson[] as [TestPerson, TestPerson]
  const first = epoch + 10
  const sent = new Map<number, number>()
  const acknowledged = new Map<number, number>()
  let latencies: number[] = []
  let refusals: string[] = []
  let cursor = epoch + 1
  let pending: { readonly n: number; readonly body: Uint8Array } | undefined
  let talking = true

  const send = (say: Say) => {
    if (pending) say({ t: "send", room, generation: 0, epoch, items: [pending] })
  }
  const mouth = line(url, speaker, (frame, say) => {
    if (frame.t === "ready") send(say)
    if (frame.t === "refused") {
      refusals.push(frame.error.kind)
      setTimeout(() => send(say), frame.error.retryAfterMs ?? AGAIN_MS)
    }
    if (frame.t !== "accepted") return
    for (const { n, seq } of frame.items) acknowledged.set(n, seq)
    if (frame.items.some(({ n }) => n === pending?.n)) pending = undefined
  })
  const ears = line(url, listener, (frame, say) => {
    if (frame.t === "ready") say({ t: "subscribe", rooms: [{ room, incarnation: 1, seq: cursor }] })
    if (frame.t !== "entries") return
    for (const { seq, n } of frame.entries) {
      cursor = Math.max(cursor, seq)
      const began = sent.get(n)
      if (began !== undefined) latencies.push(performance.now() - began)
      sent.delete(n)
    }
  })
  const talked = (async () => {
    for (let n = first; talking; n++) {
      pending = { n, body: privateMessage(room, 0, epoch, random(BODY - 67)) }
      sent.set(n, performance.now())
      send(mouth.say)
      await pause(EVERY_MS)
      while (pending && talking) await pause(5)
    }
  })()

  return {
    /** What was measured since the last time. */
    take() {
      const taken = { latencies, refusals }
      latencies = []
      refusals = []
      return taken
    },
    acknowledged: () => acknowledged.size,
    /** Stops, and counts what was acknowledged and is not where the house said, or is there twice. */
    async lost(): Promise<number> {
      talking = false
      await talked
      mouth.close()
      ears.close()
      const seqs = new Map<number, number[]>()
      for (let after = epoch + 1; ; ) {
        const answer = await callerOf(url())("readLog", {
          ...{ token: listener.token, params: { room } },
          request: { after },
        })
        for (const { seq, n } of answer.value.entries) seqs.set(n, [...(seqs.get(n) ?? []), seq])
        after = answer.value.entries.at(-1)?.seq ?? after
        if (!answer.value.more) break
      }
      return [...acknowledged].filter(([n, seq]) => String(seqs.get(n)) !== String(seq)).length
    },
  }
}
