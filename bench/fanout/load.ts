/**
 * The load: `members` sockets that all hear one room, and `inFlight` of them that send. A message is in flight until all
 * members have it; then its sender sends the next. So at any time exactly `inFlight` messages are on their way, with
 * every server alike, and none can get ahead of slow readers.
 *
 * A frame goes to all members with the same bytes: it is taken apart once and then recognised, because on one core the
 * load must not cost more than the server that is measured.
 */
import { quantile, round } from "../measure.ts"
import type { Running } from "./process.ts"

/** Names one message: who sent it and which. */
export type Key = string

export type Load = {
  readonly members: number
  /** What is in a frame, or undefined where it is no delivery. */
  readonly read: (frame: Buffer) => readonly Key[] | undefined
  /** Sends the next message of this sender and says how it is called. */
  readonly send: (sender: number) => Key
}

type Seen = { readonly bytes: Buffer; readonly keys: readonly Key[]; receipts: number }

export type Meter = {
  /** Every frame that any member gets. */
  readonly hear: (frame: Buffer) => void
  /** One delivery of one message, where no two members get the same bytes. */
  readonly got: (key: Key) => void
  readonly run: (server: Running, inFlight: number, ms: number) => Promise<Result>
  /** By the clock instead: so many messages a second, of so many senders in turn, whether or not the ones before have arrived. */
  readonly runAt: (server: Running, perSecond: number, senders: number, ms: number) => Promise<Result>
}
export type Result = {
  readonly cpuUsPerDelivery: number
  readonly deliveriesPerS: number
  readonly msgsPerS: number
  readonly cpuUsPerMsg: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly lost: number
}

const RECENT = 1_024
const TICK_MS = 2
/** Fifty messages to 500 members of the slowest peer, on a machine that does something else too. */
const DRAIN_MS = 30_000

export function createMeter({ members, read, send }: Load): Meter {
  let recent: Seen[] = []
  const sent = new Map<Key, { readonly sender: number; readonly at: number; receipts: number }>()
  let going = false
  let deliveries = 0
  let messages = 0
  let counted = 0
  let latencies: number[] = []
  let idle: (() => void) | undefined

  function find(frame: Buffer): Seen | undefined {
    for (const seen of recent) if (seen.bytes.length === frame.length && seen.bytes.equals(frame)) return seen
    const keys = read(frame)
    if (!keys) return undefined
    const seen = { bytes: Buffer.from(frame), keys, receipts: 0 }
    recent.push(seen)
    if (recent.length > RECENT) recent = recent.slice(-RECENT)
    return seen
  }

  function start(sender: number) {
    sent.set(send(sender), { sender, at: performance.now(), receipts: 0 })
  }

  function hear(frame: Buffer) {
    const seen = find(frame)
    if (!seen) return
    deliveries += seen.keys.length
    seen.receipts++
    if (counted++ % 16 === 0) {
      const first = sent.get(seen.keys[0] as Key)
      if (first) latencies.push(performance.now() - first.at)
    }
    if (seen.receipts < members) return
    recent = recent.filter((one) => one !== seen)
    for (const key of seen.keys) everybodyHas(key)
    if (sent.size === 0) idle?.()
  }

  function got(key: Key) {
    const one = sent.get(key)
    if (!one) return
    deliveries++
    one.receipts++
    if (counted++ % 16 === 0) latencies.push(performance.now() - one.at)
    if (one.receipts < members) return
    everybodyHas(key)
    if (sent.size === 0) idle?.()
  }

  function everybodyHas(key: Key) {
    const done = sent.get(key)
    if (!done) return
    sent.delete(key)
    messages++
    if (going) start(done.sender)
  }

  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

  /**
   * The load never sleeps while it counts. A real member is on another machine; here each write to a sleeping process would
   * wake it, which in a virtual machine costs more than the delivery, and is charged to whoever writes.
   */
  function stayAwake() {
    if (going) setImmediate(stayAwake)
  }

  /** What happens on the server meanwhile, and what has not arrived a while after it. */
  async function measured(server: Running, during: () => Promise<void>): Promise<Result> {
    const before = { cpu: server.cpuUs(), at: performance.now(), deliveries, messages }
    latencies = []
    await during()
    const cpu = server.cpuUs() - before.cpu
    const seconds = (performance.now() - before.at) / 1000
    const delivered = deliveries - before.deliveries
    const done = messages - before.messages
    const times = latencies
    going = false
    const quiet = new Promise<void>((resolve) => {
      idle = resolve
    })
    if (sent.size > 0) await Promise.race([quiet, wait(DRAIN_MS)])
    idle = undefined
    const lost = sent.size
    sent.clear()
    recent = []
    return {
      cpuUsPerDelivery: round(cpu / delivered),
      deliveriesPerS: Math.round(delivered / seconds),
      msgsPerS: Math.round(done / seconds),
      cpuUsPerMsg: round(cpu / (delivered / members)),
      p50Ms: round(quantile(times, 0.5)),
      p99Ms: round(quantile(times, 0.99)),
      lost,
    }
  }

  return {
    hear,
    got,
    async run(server, inFlight, ms) {
      going = true
      stayAwake()
      for (let sender = 0; sender < inFlight; sender++) start(sender)
      await wait(ms / 4)
      return measured(server, () => wait(ms))
    },
    runAt(server, perSecond, senders, ms) {
      const began = performance.now()
      return measured(server, async () => {
        for (let said = 0; performance.now() - began < ms; await wait(TICK_MS))
          for (const due = ((performance.now() - began) / 1000) * perSecond; said < due; said++)
            start(said % senders)
      })
    },
  }
}
