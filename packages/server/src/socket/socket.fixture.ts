/** The messages' way by itself, for tests: sockets, log and bus of a house, without HTTP and without MLS. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { suite } from "@teahouse/judge/suite.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { limits as defaults, type Limits } from "@teahouse/protocol/limits.ts"
import type { Up } from "@teahouse/protocol/up.ts"
import { protocolVersion } from "@teahouse/protocol/version.ts"
import { decodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { WebSocket } from "ws"
import { createMemoryBus } from "../bus/memory.ts"
import type { Bus } from "../bus/port.ts"
import type { Database } from "../db/port.ts"
import type { SqliteOptions } from "../db/sqlite.ts"
import { loadHouse } from "../house/house.ts"
import { createFanout } from "../room/fanout.ts"
import { id, openDb, privateMessage, random, tempDir } from "../room/log.fixture.ts"
import { createSender } from "../room/send.ts"
import { createSubscriptions } from "../room/subscription.ts"
import type { RosterLeaf } from "../room/writes/roster.ts"
import { attachSocket } from "./accept.ts"
import { createHub } from "./hub.ts"

export type Options = Partial<SqliteOptions> & {
  readonly limits?: Partial<Limits>
  readonly bus?: Bus
  readonly lookEveryMs?: number
  /** A folder that is there and stays. */
  readonly folder?: string
}
export type SocketHouse = Awaited<ReturnType<typeof openSocketHouse>>

export async function openSocketHouse({ limits: more, bus = createMemoryBus(), ...options }: Options = {}) {
  const limits: Limits = { ...defaults, sendsPerSecond: 1e6, sendBurst: 1e6, ...more }
  const dir = options.folder === undefined ? tempDir() : { path: options.folder, remove() {} }
  const db = await openDb(dir.path, options)
  const now = Date.now
  const house = await loadHouse(dir.path, { now, random, opaqueSetup: () => "none" })
  const errors: unknown[] = []
  const onError = (error: unknown) => errors.push(error)
  const hub = createHub({ db, bus, limits, now, onError })
  const fanout = createFanout({ house, bus, onError })
  const sender = createSender({ db, fanout, limits, now, onError })
  const { lookEveryMs } = options
  const look = lookEveryMs ? { lookEveryMs } : {}
  const subscriptions = createSubscriptions({ db, bus, house, limits, onError, ...look })
  const server = createServer()
  const parts = { db, house, hub, sender, subscriptions, limits, now, random, onError }
  const door = attachSocket(server, { ...parts, check: () => undefined, enter: () => () => {} })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ db, house, hub, fanout, door, errors, limits },
    url: `ws://127.0.0.1:${port}${SOCKET_PATH}`,
    async close() {
      await door.close(0)
      subscriptions.stop()
      hub.stop()
      await new Promise((resolve) => server.close(resolve))
      await db.close()
      dir.remove()
    },
  }
}

export type Member = RosterLeaf & { readonly session: Id; readonly signKey: Uint8Array }

/** An account with one device and a session, as registering would leave them. */
export async function member(db: Database, leaf: number, expires = Number.MAX_SAFE_INTEGER): Promise<Member> {
  const keys = await (await suite()).signature.keygen()
  const made = {
    user: id(),
    device: id(),
    session: id(),
    leaf,
    signatureKey: keys.publicKey,
    signKey: keys.signKey,
  }
  const ids = { user: idBytes(made.user), device: idBytes(made.device) }
  const result = await db.write("account.register", {
    account: {
      ...{ id: ids.user, name: random(12), kind: 0, uik: random(32), generation: 1, record: random(9) },
      ...{ stretch_memory: 8, stretch_iterations: 1, stretch_parallelism: 1, vault_version: 1 },
      ...{ vault_key: random(32), vault_key_signature: random(64), root_by_password: random(40) },
      ...{ root_by_recovery: random(40), recovery_key: random(32), vault_keys: random(40) },
      ...{ notebook_cursor: 0, created: 0 },
    },
    look: random(32),
    key: { generation: 1, sealed: random(40) },
    device: { id: ids.device, certificate: random(200), signatureKey: keys.publicKey },
    session: {
      ...{ id: idBytes(made.session), token_hash: random(32), user_id: ids.user, device_id: ids.device },
      ...{ created: 0, fresh_until: 0, expires, recovering: 0 },
    },
    invite: null,
    bot: null,
  })
  if (!result.ok) throw new Error(result.error.kind)
  return made
}

type Kind = Down["t"]
type Frame<K extends Kind> = Extract<Down, { t: K }>

/** A socket whose frames wait until the test asks for them. */
export function dial(url: string, origin?: string) {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...(origin ? { origin } : {}) })
  const frames: Down[] = []
  const waiting: (() => void)[] = []
  let code: number | undefined
  const wake = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  socket.on("error", () => {})
  socket.on("message", (data: Buffer) => {
    const frame = decodeDown(data)
    if (!frame.ok) throw new Error(`the house said something ${frame.error}`)
    frames.push(frame.value)
    wake()
  })
  socket.on("close", (why) => {
    code = why
    wake()
  })
  const changed = () => new Promise<void>((resolve) => waiting.push(resolve))
  return {
    socket,
    /** All that has come so far. */
    frames,
    /** The first frame of this kind after those that were taken; it is taken. */
    async next<K extends Kind>(kind: K): Promise<Frame<K>> {
      for (;;) {
        const at = frames.findIndex((frame) => frame.t === kind)
        if (at >= 0) return frames.splice(at, 1)[0] as Frame<K>
        if (code !== undefined) throw new Error(`closed with ${code} before a frame ${kind}`)
        await changed()
      }
    },
    async closed(): Promise<number> {
      while (code === undefined) await changed()
      return code
    },
    say: (frame: Up) => socket.send(encodeUp(frame)),
  }
}
export type Line = ReturnType<typeof dial>

export async function hello(house: SocketHouse, who: Member, nonce: Uint8Array): Promise<Up> {
  const bytes = greetingBytes(house.house.id, nonce, who.session)
  const signature = await (await suite()).signature.sign(who.signKey, bytes)
  return { t: "hello", ...protocolVersion, session: who.session, signature }
}

/** Greeted and ready. */
export async function enter(house: SocketHouse, who: Member): Promise<Line> {
  const line = dial(house.url)
  const { nonce } = await line.next("challenge")
  line.say(await hello(house, who, nonce))
  await line.next("ready")
  return line
}

/** Greeted, subscribed from `seq` on, and live. */
export async function enterRoom(house: SocketHouse, who: Member, room: Id, seq = 0): Promise<Line> {
  const line = await enter(house, who)
  line.say({ t: "subscribe", rooms: [{ room, incarnation: 1, seq }] })
  await line.next("live")
  return line
}

export const message = (
  room: Id,
  ns: readonly number[],
  epoch = 0,
  size = 30,
): Extract<Up, { t: "send" }> => ({
  ...{ t: "send", room, generation: 0, epoch },
  items: ns.map((n) => ({ n, body: privateMessage(room, 0, epoch, random(size)) })),
})
