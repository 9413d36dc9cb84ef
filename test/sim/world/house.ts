/**
 * One life of a house: every part as packages/server/src/main.ts makes it, but for HTTP's and WebSocket's own bytes, the disk and
 * the clock. What no world uses (passwords, files, push services, administration) is not there.
 */
import type { Duplex } from "node:stream"
import type { Judge } from "@teahouse/judge/judge.ts"
import { limits as defaults, type Limits } from "@teahouse/protocol/limits.ts"
import { createBlobs } from "@teahouse/server/blob/blobs.ts"
import type { BlobStore } from "@teahouse/server/blob/port.ts"
import { withReferences } from "@teahouse/server/blob/references.ts"
import { createMemoryBus } from "@teahouse/server/bus/memory.ts"
import type { Database } from "@teahouse/server/db/port.ts"
import type { House } from "@teahouse/server/house/house.ts"
import type { HouseParts } from "@teahouse/server/http/parts.ts"
import { createRates } from "@teahouse/server/http/rates.ts"
import { createMetrics } from "@teahouse/server/ops/metrics.ts"
import { createPush } from "@teahouse/server/push/push.ts"
import { createFanout } from "@teahouse/server/room/fanout.ts"
import { createRooms } from "@teahouse/server/room/rooms.ts"
import { createSender } from "@teahouse/server/room/send.ts"
import { createSubscriptions } from "@teahouse/server/room/subscription.ts"
import { type Connection, connect, frameRate } from "@teahouse/server/socket/connection.ts"
import { createHub } from "@teahouse/server/socket/hub.ts"
import type { WebSocket } from "ws"

export type HouseLife = ReturnType<typeof openHouse>

export type HouseMaker = {
  readonly db: Database
  readonly house: House
  readonly judge: Judge
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
  readonly onError: (error: unknown) => void
}

/** The house's end of a socket. */
export type FarEnd = {
  readonly write: (payload: Uint8Array) => void
  readonly close: () => void
  /** A sign of life is asked for. */
  readonly ping: () => void
}
export type NearEnd = {
  readonly hear: (payload: Uint8Array) => void
  readonly pong: () => void
  readonly closed: () => void
}

const HEARTBEAT_MS = 30_000

export function openHouse({ db, house, judge, now, random, onError }: HouseMaker) {
  const limits: Limits = { ...defaults }
  const bus = createMemoryBus(onError)
  const metrics = createMetrics()
  const seen = (device: string) =>
    void db.write("device.seen", { device: Buffer.from(device, "base64url"), now: now() }).catch(onError)
  const hub = createHub({ ...{ db, bus, limits, now, onError }, onArrived: seen, onGone: seen })
  const push = createPush({
    ...{ db, now, onError, trusted: [] },
    knock: () => Promise.reject(new Error("nobody has subscribed")),
    connected: (device) => hub.has(device),
  })
  const fanout = createFanout({ house, bus, onError, said: push.said })
  const sender = withReferences({
    ...{ db, now, onError },
    sender: createSender({ db, fanout, limits, now, onError, metrics }),
  })
  const subscriptions = createSubscriptions({ db, bus, house, limits, onError, metrics })
  const parts = {
    ...{ db, house, judge, hub, push, pushOrigins: [], limits, now, random, metrics },
    rooms: createRooms({ db, house, judge, bus, fanout, limits, now, random }),
    blobs: createBlobs({ ...{ db, limits, now, onError }, store: noFiles }),
    rates: createRates(limits, now),
    // Asked by whoever is not signed in any more.
    ...{ opaque: { publicKey: "none" }, stretching: { memory: 8, iterations: 1, parallelism: 1 } },
    registration: { mode: () => "invite" },
  } as unknown as HouseParts
  const connections = new Set<Connection>()
  const frames = frameRate(limits)
  const beat = setInterval(() => {
    for (const connection of connections) connection.beat()
  }, HEARTBEAT_MS)

  return {
    parts,
    /** A socket that has come through the door. */
    accept(far: FarEnd): NearEnd {
      const on: Record<string, (...args: unknown[]) => void> = {}
      let state = 1
      const end = () => {
        if (state === 3) return
        state = 3
        far.close()
        connections.delete(connection)
        on.close?.()
      }
      const ws = {
        get readyState() {
          return state
        },
        on(name: string, listener: (...args: unknown[]) => void) {
          on[name] = listener
        },
        close() {
          if (state !== 1) return
          state = 2
          far.close()
        },
        terminate: end,
        pause() {},
        ping: far.ping,
      }
      const socket = {
        writableLength: 0,
        on() {},
        off() {},
        pause() {},
        write: (frame: Buffer) => far.write(payloadOf(frame)),
      }
      const parts = { db, house, hub, sender, subscriptions, limits, now, random, onError }
      const connection = connect(ws as unknown as WebSocket, socket as unknown as Duplex, parts, frames)
      connections.add(connection)
      return {
        hear: (payload) => on.message?.(Buffer.from(payload), true),
        pong: () => on.pong?.(),
        closed: end,
      }
    },
    stop() {
      clearInterval(beat)
      subscriptions.stop()
      push.stop()
      hub.stop()
    },
  }
}

/** RFC 6455 section 5.2, as socket/frame.ts writes it. */
function payloadOf(frame: Buffer): Uint8Array {
  const length = (frame[1] as number) & 127
  return frame.subarray(length === 126 ? 4 : length === 127 ? 10 : 2)
}

const noFiles: BlobStore = {
  append: () => Promise.reject(new Error("no files")),
  size: async () => undefined,
  async *read() {},
  remove: async () => {},
  async *list() {},
}
