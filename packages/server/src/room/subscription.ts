/**
 * What a connection listens to: backfill → cutover → live (docs/contract.md 6, 7). Behind the room's end, entries are read
 * from the log, one room after another and never faster than the socket takes them; whoever has reached the end becomes
 * live in the same step in which that was seen, so nothing can fall between.
 *
 * Who may listen is read from the roster, which is a fold of the log itself, when the subscription begins; after that
 * the feed says who has to go (feed.ts).
 */

import { refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { Subscribe } from "@teahouse/protocol/up.ts"
import { encodeDown } from "@teahouse/protocol/wire.ts"
import { type Bus, roomTopic } from "../bus/port.ts"
import type { Database } from "../db/port.ts"
import type { House } from "../house/house.ts"
import { wsFrame } from "../socket/frame.ts"
import { encodeEntries, encodeLive } from "./encode.ts"
import { signHeads } from "./fanout.ts"
import { createFeed, type Feed, type Listener } from "./feed.ts"
import { membership } from "./log.ts"
import { byIncarnation, type ReadBounds, readEntries } from "./read.ts"
import { headsOf } from "./tail.ts"

/** The connection, as far as subscriptions need it. */
export type Sink = {
  readonly device: Id
  readonly write: (frame: Buffer) => void
  /** Resolves when the socket has room for more; at once if it is closed. */
  readonly drained: () => Promise<void>
  readonly closed: () => boolean
}

type Subscription = Listener & { cursor: number; stopped: boolean; readonly feed: Feed }
type Client = { readonly rooms: Map<Id, Subscription>; readonly behind: Subscription[]; working: boolean }

export type SubscriptionParts = {
  readonly db: Database
  readonly bus: Bus
  readonly house: House
  readonly limits: ReadBounds
  readonly onError: (error: unknown) => void
  /** How often the heads of all rooms that are listened to are looked at, ms. */
  readonly lookEveryMs?: number
}

const FOREVER = Number.MAX_SAFE_INTEGER
const LOOK_EVERY_MS = 5_000
const CHUNK = 500

export type Subscriptions = ReturnType<typeof createSubscriptions>

export function createSubscriptions(parts: SubscriptionParts) {
  const { db, bus, house, limits, onError } = parts
  const feeds = new Map<Id, Feed>()
  const clients = new Map<Sink, Client>()
  const timer = setInterval(() => void look(), parts.lookEveryMs ?? LOOK_EVERY_MS)
  timer.unref()

  /** A lost last hint is caught here. */
  async function look() {
    try {
      const rooms = [...feeds.keys()]
      for (let at = 0; at < rooms.length; at += CHUNK)
        for (const { room, seq } of await headsOf(db, rooms.slice(at, at + CHUNK)))
          feeds.get(room)?.lookAt(seq)
    } catch (error) {
      onError(error)
    }
  }

  /** Feeds of these rooms, opened where there were none, each with a signed head: one signature for all of them. */
  async function open(rooms: readonly Id[]): Promise<void> {
    const fresh = rooms.filter((room) => !feeds.has(room))
    for (const room of fresh) feeds.set(room, createFeed(room, { db, bus, limits, onError }))
    const known = await headsOf(db, rooms)
    for (const row of known) if (fresh.includes(row.room)) feeds.get(row.room)?.begin(row.seq)
    const needed = known.filter(({ room, seq }) => feeds.get(room)?.seq === seq && !feeds.get(room)?.head)
    if (needed.length === 0) return
    signHeads(house, needed).forEach((head, i) => {
      const feed = feeds.get(needed[i]?.room as Id)
      if (feed) feed.head = head
    })
  }

  function leave(client: Client, subscription: Subscription) {
    const { feed } = subscription
    subscription.stopped = true
    subscription.live = false
    if (client.rooms.get(feed.room) === subscription) client.rooms.delete(feed.room)
    feed.listeners.delete(subscription)
    if (feed.listeners.size > 0 || feeds.get(feed.room) !== feed) return
    feed.stop()
    feeds.delete(feed.room)
  }

  const ended = (sink: Sink, room: Id, kind: "not_a_member" | "unknown_room") =>
    sink.write(wsFrame(encodeDown({ t: "ended", room, error: refuse(kind) })))

  function begin(sink: Sink, client: Client, feed: Feed, cursor: number, until: number) {
    const old = client.rooms.get(feed.room)
    const subscription: Subscription = {
      feed,
      device: sink.device,
      cursor,
      until,
      live: false,
      stopped: false,
      write: sink.write,
      end(kind) {
        ended(sink, feed.room, kind)
        leave(client, subscription)
      },
    }
    // Before the old one goes: with it the feed might go.
    feed.listeners.add(subscription)
    if (old) leave(client, old)
    client.rooms.set(feed.room, subscription)
    if (!arrive(subscription)) client.behind.push(subscription)
  }

  /** True once there is nothing left to read: the subscription is live, or has ended. */
  function arrive(subscription: Subscription): boolean {
    const { feed, cursor, until, stopped } = subscription
    if (stopped) return true
    if (cursor < Math.min(feed.seq, until)) return false
    if (until <= feed.seq) {
      subscription.end("not_a_member")
      return true
    }
    subscription.live = true
    subscription.write(wsFrame(encodeLive(feed.room, house.incarnation.incarnation, feed.seq, feed.head)))
    return true
  }

  async function backfill(sink: Sink, subscription: Subscription): Promise<void> {
    const { feed } = subscription
    while (!subscription.stopped && !arrive(subscription)) {
      await sink.drained()
      if (sink.closed()) return
      const to = Math.min(feed.seq, subscription.until)
      const entries = await readEntries(db, feed.room, subscription.cursor, to, limits)
      if (subscription.stopped) return
      for (const run of byIncarnation(entries))
        subscription.write(wsFrame(encodeEntries(feed.room, run[0]?.incarnation ?? 0, run, undefined)))
      // Nothing there at all would be asked for again and again.
      subscription.cursor = entries[entries.length - 1]?.seq ?? to
      // The end has moved since the subscription began: its head is signed anew, if this is still the end.
      if (subscription.cursor >= feed.seq && !feed.head) await open([feed.room])
    }
  }

  async function work(sink: Sink, client: Client): Promise<void> {
    if (client.working) return
    client.working = true
    try {
      for (let next = client.behind.shift(); next; next = client.behind.shift()) await backfill(sink, next)
    } finally {
      client.working = false
    }
  }

  return {
    /** Cursors for rooms; a room that is subscribed to already gets a new cursor. */
    async subscribe(sink: Sink, rooms: Subscribe["rooms"]): Promise<void> {
      const client = clients.get(sink) ?? { rooms: new Map(), behind: [], working: false }
      clients.set(sink, client)
      const ids = [...new Set(rooms.map((one) => one.room))]
      const rows = await db.read
        .selectFrom("room_device")
        .select(["room_id", "member", "since", "until"])
        .where("device_id", "=", idBytes(sink.device))
        .where("room_id", "in", ids.map(idBytes))
        .execute()
      const places = new Map(rows.map((row) => [idFrom(row.room_id), row]))
      await open([...places.keys()])
      if (sink.closed()) return this.leave(sink)
      for (const { room, seq } of rooms) {
        const place = places.get(room)
        const feed = place && feeds.get(room)
        if (!place || !feed) {
          ended(sink, room, "unknown_room")
          continue
        }
        const until = place.member === membership.member ? FOREVER : place.until
        begin(sink, client, feed, Math.max(seq, place.since - 1), until)
      }
      for (const room of places.keys()) prune(room)
      await work(sink, client)
    },
    /** The connection is gone. */
    leave(sink: Sink): void {
      const client = clients.get(sink)
      clients.delete(sink)
      for (const subscription of client ? [...client.rooms.values()] : [])
        leave(client as Client, subscription)
    },
    /** Whether this connection hears the room live: only then may it say something there that is not stored. */
    hears: (sink: Sink, room: Id): boolean => clients.get(sink)?.rooms.get(room)?.live ?? false,
    relay(sink: Sink, room: Id, body: Uint8Array): void {
      const frame = encodeDown({ t: "ephemeral", room, device: sink.device, body })
      bus.publish(roomTopic(room), { kind: "ephemeral", room, device: sink.device, frame })
    },
    stop(): void {
      clearInterval(timer)
      for (const feed of feeds.values()) feed.stop()
      feeds.clear()
    },
  }

  /** A feed that was opened and that nobody listens to after all. */
  function prune(room: Id) {
    const feed = feeds.get(room)
    if (!feed || feed.listeners.size > 0) return
    feed.stop()
    feeds.delete(room)
  }
}
