/**
 * The bus of a house with several nodes: over NATS, and inside the node through memory, so that a node's own listeners need no
 * network. Subjects begin with the house's id: several houses may share one NATS.
 *
 * NATS may be away when the house opens, and at any time later: it is looked for for ever, at moments with jitter, and what
 * would have been said meanwhile is not kept. Whoever heard by hints is told of the gap (port.ts). What a server does not take
 * because it is too large is told without its content, and what it does not take fast enough is not told at all: nothing grows.
 *
 * NATS is trusted like the database is: who can speak on it can end connections and waste time, but forge no message, since
 * clients check what comes (docs/contract.md 3).
 */
import {
  connect,
  type NatsConnection,
  type NodeConnectionOptions,
  type Subscription,
} from "@nats-io/transport-node"
import type { Id } from "@teahouse/protocol/ids.ts"
import { createMemoryBus } from "./memory.ts"
import { type BusMessage, decodeMessage, encodeMessage } from "./message.ts"
import { type Bus, HOUSE_TOPIC } from "./port.ts"

export type NatsBusParts = {
  /** `nats://user:password@host:port`, or `tls://…`, several with commas between. */
  readonly url: string
  readonly house: Id
  readonly onError: (error: unknown) => void
  /** What the operator should know; never what a message says. `why` is the kind of error. */
  readonly onState?: (state: "connected" | "away" | "broken_message", why?: string) => void
}

export type NatsBus = Bus & {
  /** For tests: what was said and asked for has reached the server, and what it said before that has come. */
  readonly flushed: () => Promise<void>
}

/** Between two attempts: so long and up to as long again (ms). */
const AGAIN_MS = 500
const CONNECT_MS = 5_000
/** A server that does not answer is given up after two of these (ms). */
const PING_MS = 5_000
/** Bytes that the server has not said to have, and how often it is asked (ms). */
const UNSURE_BYTES = 32 * 1024 * 1024
const ASK_MS = 500
/** For the last words. */
const FAREWELL_MS = 1_000
/** What NATS writes around a message. */
const AROUND = 512

type Heard = { listeners: number; remote?: Subscription | undefined }

export function createNatsBus({ url, house, onError, onState }: NatsBusParts): NatsBus {
  const local = createMemoryBus(onError)
  const topics = new Map<string, Heard>()
  const gapListeners = new Set<() => void>()
  let nats: NatsConnection | undefined
  let connected = false
  /** What was said of it last. */
  let told: "connected" | "away" | undefined
  let closed = false
  let wake = () => {}
  /** Bytes said since the server was last asked, and whether something was left out. */
  let unsure = 0
  let left = false

  const subjectOf = (topic: string) => `teahouse.${house}.${topic}`

  function gap() {
    for (const listener of gapListeners) {
      try {
        listener()
      } catch (error) {
        onError(error)
      }
    }
  }

  function arrived() {
    connected = true
    unsure = 0
    left = false
    tell("connected")
    gap()
  }
  function gone(error?: unknown) {
    connected = false
    tell("away", error instanceof Error ? error.name : undefined)
  }
  function tell(state: "connected" | "away", why?: string) {
    if (closed || state === told) return
    told = state
    onState?.(state, why)
  }

  function listen(topic: string, heard: Heard) {
    heard.remote = nats?.subscribe(subjectOf(topic), {
      callback: (error, message) => (error ? onError(error) : receive(topic, message.data)),
    })
  }

  function receive(topic: string, bytes: Uint8Array) {
    const message = decodeMessage(bytes)
    if (!message.ok) onState?.("broken_message")
    else if (message.value.kind === "missed") gap()
    else local.publish(topic, message.value)
  }

  const pause = (ms: number) =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, ms)
      wake = () => {
        clearTimeout(timer)
        done()
      }
    })
  const jittered = () => AGAIN_MS * (1 + Math.random())

  /** One connection after another, until the bus is closed; within one, the library connects again by itself. */
  async function live(): Promise<void> {
    while (!closed) {
      try {
        nats = await connect({ ...optionsOf(url), reconnectDelayHandler: jittered })
        if (closed) return await nats.close()
        for (const [topic, heard] of topics) listen(topic, heard)
        arrived()
        await follow(nats)
        gone()
      } catch (error) {
        // Not there, or not for us: both may change.
        gone(error)
      }
      nats = undefined
      if (!closed) await pause(jittered())
    }
  }

  async function follow(connection: NatsConnection): Promise<void> {
    const asking = setInterval(() => void ask(connection), ASK_MS)
    asking.unref()
    try {
      for await (const { type } of connection.status()) {
        if (type === "disconnect") gone()
        if (type === "reconnect") arrived()
      }
    } finally {
      clearInterval(asking)
    }
  }

  let waiting = false
  async function ask(connection: NatsConnection): Promise<void> {
    if (waiting || unsure === 0 || !connected) return
    const before = unsure
    waiting = true
    try {
      await connection.flush()
      unsure = Math.max(0, unsure - before)
      if (!left || unsure >= UNSURE_BYTES) return
      left = false
      // Others have not heard this node: it is they who have to read again.
      send(HOUSE_TOPIC, { kind: "missed" })
    } catch {
      // The connection is gone; its end is heard elsewhere.
    } finally {
      waiting = false
    }
  }

  function send(topic: string, message: BusMessage) {
    if (!nats || !connected) return
    let bytes = encodeMessage(message)
    if (bytes.length + AROUND > (nats.info?.max_payload ?? 0)) {
      if (message.kind !== "entries") return
      bytes = encodeMessage({ kind: "reached", room: message.room, to: message.to })
    }
    if (unsure + bytes.length > UNSURE_BYTES) {
      left = true
      return
    }
    unsure += bytes.length
    nats.publish(subjectOf(topic), bytes)
  }

  const living = live().catch(onError)

  return {
    publish(topic, message) {
      local.publish(topic, message)
      try {
        send(topic, message)
      } catch (error) {
        onError(error)
      }
    },
    subscribe(topic, listener) {
      const heard = topics.get(topic) ?? { listeners: 0 }
      if (heard.listeners++ === 0) {
        topics.set(topic, heard)
        listen(topic, heard)
      }
      const stop = local.subscribe(topic, listener)
      let listening = true
      return () => {
        if (!listening) return
        listening = false
        stop()
        if (--heard.listeners > 0) return
        topics.delete(topic)
        heard.remote?.unsubscribe()
      }
    },
    get connected() {
      return connected
    },
    onGap(listener) {
      gapListeners.add(listener)
      return () => gapListeners.delete(listener)
    },
    async flushed() {
      await nats?.flush()
    },
    async close() {
      closed = true
      wake()
      const farewell = async () => {
        await nats?.flush().catch(() => {})
        await nats?.close()
        await living
      }
      await Promise.race([farewell(), new Promise((done) => setTimeout(done, FAREWELL_MS).unref())])
      await local.close()
    },
  }
}

/** The servers and who we are to them: one name and password for all, those of the first. */
function optionsOf(text: string): NodeConnectionOptions {
  const urls = text.split(",").map((one) => new URL(one.trim()))
  const [first] = urls as [URL]
  const [user, pass] = [decodeURIComponent(first.username), decodeURIComponent(first.password)]
  return {
    servers: urls.map((one) => `${one.hostname}:${one.port || 4222}`),
    ...(user && pass ? { user, pass } : user ? { token: user } : {}),
    ...(first.protocol === "tls:" ? { tls: {} } : {}),
    name: "teahouse",
    noEcho: true,
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
  }
}
