/**
 * One room as this node follows it, for as long as anybody here listens. `seq` is where its live listeners stand: all of
 * them at the same place, so that a delivery is one write of the same bytes each and no look at anybody's cursor.
 *
 * The bus is a hint and the log is the truth (docs/contract.md 7): a frame is handed on only if it begins at seq + 1.
 * Anything else, and every periodic look that finds the room further on, reads the log from there.
 */
import type { SignedHead } from "@teahouse/protocol/head.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Bus, BusMessage } from "../bus/port.ts"
import { roomTopic } from "../bus/port.ts"
import type { Database } from "../db/port.ts"
import type { Metrics } from "../ops/metrics.ts"
import { wsFrame } from "../socket/frame.ts"
import { encodeEntries } from "./encode.ts"
import { byIncarnation, goneBetween, type ReadBounds, readEntries } from "./read.ts"

/** Somebody who listens; `write` takes a whole WebSocket frame. */
export type Listener = {
  readonly device: Id
  /** Live: told as it happens. Otherwise still reading what lies behind. */
  live: boolean
  /** The last entry it may have. */
  until: number
  readonly write: (frame: Buffer) => void
  /** It was removed, or the room is gone. */
  readonly end: (kind: "not_a_member" | "unknown_room") => void
}

export type FeedParts = {
  readonly db: Database
  readonly bus: Bus
  readonly limits: ReadBounds
  readonly onError: (error: unknown) => void
  readonly metrics?: Metrics | undefined
}

export type Feed = ReturnType<typeof createFeed>

export function createFeed(room: Id, { db, bus, limits, onError, metrics }: FeedParts) {
  const listeners = new Set<Listener>()
  let seq = 0
  /** As far as anybody has said that the room goes. */
  let target = 0
  /** Until the first look at the log has been taken, and while it is read. */
  let reading = true
  let begun = false
  /** Subscriptions on their way here: the feed stays for them although nobody listens yet. */
  let holds = 0
  let partings = 0
  let head: SignedHead | undefined
  let waiting: (() => void)[] = []

  const atHead = () => begun && !reading && seq >= target

  function wake() {
    const now = waiting
    waiting = []
    for (const resolve of now) resolve()
  }

  function deliver(frame: Buffer, to: number, gone: readonly Id[]) {
    let written = 0
    for (const listener of listeners) {
      if (!listener.live) continue
      listener.write(frame)
      written += 1
    }
    if (metrics) metrics.deliveries.value += written
    seq = to
    head = undefined
    if (gone.length > 0) part(gone, to)
  }

  /** These hear nothing after `until`; whoever is still reading gets that far first. */
  function part(gone: readonly Id[], until: number) {
    partings++
    const devices = new Set(gone)
    for (const listener of listeners) {
      if (!devices.has(listener.device)) continue
      listener.until = Math.min(listener.until, until)
      if (listener.live) listener.end("not_a_member")
    }
  }

  async function catchUp() {
    reading = true
    try {
      while (seq < target && listeners.size > 0) {
        const entries = await readEntries(db, room, seq, target, limits)
        const last = entries[entries.length - 1]
        if (!last) {
          // Somebody has said more than the log has; the next look tells.
          target = seq
          break
        }
        const gone = await goneBetween(db, room, seq, last.seq)
        // A frame ends where somebody stops listening.
        const ends = [...new Set(gone.map((one) => one.until)), last.seq].sort((a, b) => a - b)
        for (const end of ends) {
          const run = entries.filter((entry) => entry.seq > seq && entry.seq <= end)
          for (const part of byIncarnation(run)) {
            const to = part[part.length - 1]?.seq ?? end
            const who = to === end ? gone.filter((one) => one.until === end).map((one) => one.device) : []
            deliver(wsFrame(encodeEntries(room, part[0]?.incarnation ?? 0, part, undefined)), to, who)
          }
        }
      }
    } catch (error) {
      // The next look at the heads tries again.
      onError(error)
    }
    reading = false
    if (atHead()) wake()
  }

  function hear(message: BusMessage) {
    if (message.kind === "ephemeral") {
      const frame = wsFrame(message.frame)
      for (const listener of listeners)
        if (listener.live && listener.device !== message.device) listener.write(frame)
    } else if (message.kind === "dropped") {
      drop()
    } else if (message.kind === "entries") {
      if (!reading && message.from === seq + 1) deliver(wsFrame(message.frame), message.to, message.gone)
      else lookAt(message.to)
    } else if (message.kind === "reached") lookAt(message.to)
  }

  /** The room is no more. */
  function drop() {
    for (const listener of [...listeners]) listener.end("unknown_room")
  }

  function lookAt(at: number) {
    target = Math.max(target, at)
    if (!reading && seq < target) void catchUp()
  }

  const deafen = bus.subscribe(roomTopic(room), hear)

  return {
    room,
    listeners,
    get seq() {
      return seq
    },
    /** The signed head of `seq`, once somebody has needed it. */
    get head() {
      return head
    },
    set head(signed: SignedHead | undefined) {
      head = signed
    },
    /** Where the room stands in the log: once when the feed opens, then from time to time. */
    lookAt,
    drop,
    /** How often somebody has been removed: a roster that was read before the last time is old. */
    get partings() {
      return partings
    },
    /** Whether the log has been looked at yet. */
    get begun() {
      return begun
    },
    begin(at: number) {
      begun = true
      seq = at
      reading = false
      lookAt(at)
      if (atHead()) wake()
    },
    /** Whether its listeners stand where the room does, as far as anybody here knows. */
    get atHead() {
      return atHead()
    },
    /** Resolves at the head of the log, or when the feed stops. */
    settled: (): Promise<void> =>
      atHead() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    hold() {
      holds++
    },
    release() {
      holds--
    },
    get idle() {
      return listeners.size === 0 && holds === 0
    },
    stop() {
      deafen()
      wake()
    },
  }
}
