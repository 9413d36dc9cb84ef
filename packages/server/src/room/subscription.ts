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
import type { Metrics } from "../ops/metrics.ts"
import { wsFrame } from "../socket/frame.ts"
import { encodeEntries, encodeLive } from "./encode.ts"
import { signHeads } from "./fanout.ts"
import { createFeed, type Feed, type Listener } from "./feed.ts"
import { membership, roomStates } from "./log.ts"
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
type Client = {
  readonly rooms: Map<Id, Subscription>
  /** One for each room at most: a newer one takes the place of one that still waits. */
  readonly behind: Map<Id, Subscription>
  working: boolean
  /** Rooms in frames that are being looked at, one frame after another. */
  asking: number
  turn: Promise<void>
}

export type SubscriptionParts = {
  readonly db: Database
  readonly bus: Bus
  readonly house: House
  readonly limits: ReadBounds
  readonly onError: (error: unknown) => void
  /** How often the heads of all rooms that are listened to are looked at, ms. */
  readonly lookEveryMs?: number
  readonly metrics?: Metrics
}

const FOREVER = Number.MAX_SAFE_INTEGER
const LOOK_EVERY_MS = 5_000
const CHUNK = 500
/** Rooms in the frames of one connection that wait for the one before. */
const MAX_ASKING = 4_000

export type Subscriptions = ReturnType<typeof createSubscriptions>

export function createSubscriptions(parts: SubscriptionParts) {
  const { db, bus, house, limits, onError, metrics } = parts
  const feeds = new Map<Id, Feed>()
  const clients = new Map<Sink, Client>()
  const timer = setInterval(() => void look(), parts.lookEveryMs ?? LOOK_EVERY_MS)
  timer.unref()
  const stopGaps = bus.onGap(() => void look())

  /** A lost last hint is caught here, also that a room is gone. */
  async function look() {
    try {
      const rooms = [...feeds.values()].filter((feed) => feed.begun).map((feed) => feed.room)
      for (let at = 0; at < rooms.length; at += CHUNK) {
        const some = rooms.slice(at, at + CHUNK)
        const heads = new Map((await headsOf(db, some)).map((head) => [head.room, head.seq]))
        for (const room of some) {
          const seq = heads.get(room)
          if (seq === undefined) feeds.get(room)?.drop()
          else feeds.get(room)?.lookAt(seq)
        }
      }
    } catch (error) {
      onError(error)
    }
  }

  /** The room's feed, opened where there was none, which stays until it is let go. */
  function hold(room: Id): Feed {
    const known = feeds.get(room)
    const feed = known ?? createFeed(room, { db, bus, limits, onError, metrics })
    if (!known) feeds.set(room, feed)
    feed.hold()
    return feed
  }

  /**
   * Brings these feeds to where the log is now, so that nobody is told an end that lies behind what they have already, each
   * with a signed head: one signature for all of them.
   */
  async function refresh(rooms: readonly Id[]): Promise<void> {
    const known = await headsOf(db, rooms)
    for (const { room, seq } of known) {
      const feed = feeds.get(room)
      if (feed?.begun) feed.lookAt(seq)
      else feed?.begin(seq)
    }
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
    if (client.behind.get(feed.room) === subscription) client.behind.delete(feed.room)
    feed.listeners.delete(subscription)
    prune(feed)
  }

  /** A feed that nobody listens to, or is about to. */
  function prune(feed: Feed) {
    if (!feed.idle || feeds.get(feed.room) !== feed) return
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
    // While nobody listened nothing was read.
    feed.lookAt(0)
    if (!arrive(subscription)) client.behind.set(feed.room, subscription)
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
    // What a client has read elsewhere may be further on: an end before it would look like a log that was cut.
    if (!feed.atHead) return false
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
      if (subscription.cursor >= to) {
        await feed.settled()
        continue
      }
      const entries = await readEntries(db, feed.room, subscription.cursor, to, limits)
      if (subscription.stopped) return
      for (const run of byIncarnation(entries))
        subscription.write(wsFrame(encodeEntries(feed.room, run[0]?.incarnation ?? 0, run, undefined)))
      // Nothing there at all would be asked for again and again.
      subscription.cursor = entries[entries.length - 1]?.seq ?? to
      // The end has moved since the subscription began: its head is signed anew, if this is still the end.
      if (subscription.cursor >= feed.seq && !feed.head) await refresh([feed.room])
    }
  }

  async function work(sink: Sink, client: Client): Promise<void> {
    if (client.working) return
    client.working = true
    try {
      for (let [next] = client.behind; next; [next] = client.behind) {
        client.behind.delete(next[0])
        await backfill(sink, next[1])
      }
    } finally {
      client.working = false
    }
  }

  /** The device's place on the roster of each of these rooms, as far as it ever had one. */
  async function placesOf(device: Id, rooms: readonly Id[]) {
    if (rooms.length === 0) return new Map<Id, never>()
    const rows = await db.read
      .selectFrom("room_device")
      .select(["room_id", "member", "since", "until"])
      .where("device_id", "=", idBytes(device))
      .where("room_id", "in", rooms.map(idBytes))
      .execute()
    return new Map(rows.map((row) => [idFrom(row.room_id), row]))
  }

  /** The same as of where these feeds stand: nobody was removed between the roster's reading and now. */
  async function placesNow(device: Id, feeds: ReadonlyMap<Id, Feed>) {
    const partings = () => [...feeds.values()].reduce((sum, feed) => sum + feed.partings, 0)
    for (;;) {
      const before = partings()
      const places = await placesOf(device, [...feeds.keys()])
      if (partings() === before) return places
    }
  }

  /** Begins all of a frame's subscriptions, or says why not. */
  async function take(sink: Sink, client: Client, rooms: Subscribe["rooms"]): Promise<void> {
    const cursors = new Map(rooms.map(({ room, seq }) => [room, seq]))
    // Nobody opens a feed who never had a place there.
    const known = await placesOf(sink.device, [...cursors.keys()])
    const held = new Map([...known.keys()].map((room) => [room, hold(room)]))
    try {
      await refresh([...held.keys()])
      const places = await placesNow(sink.device, held)
      if (sink.closed()) return
      for (const [room, seq] of cursors) {
        const place = places.get(room)
        const feed = held.get(room)
        // The room may have gone since its roster was read.
        if (!place || !feed?.begun) {
          ended(sink, room, "unknown_room")
          continue
        }
        const until = place.member === membership.member ? FOREVER : place.until
        begin(sink, client, feed, Math.max(seq, place.since - 1), until)
      }
    } finally {
      for (const feed of held.values()) {
        feed.release()
        prune(feed)
      }
    }
  }

  const clientOf = (sink: Sink): Client => {
    const known = clients.get(sink)
    if (known) return known
    const client: Client = {
      rooms: new Map(),
      behind: new Map(),
      working: false,
      asking: 0,
      turn: Promise.resolve(),
    }
    clients.set(sink, client)
    return client
  }

  return {
    /** Whether this connection asks faster than it is answered. */
    busy: (sink: Sink): boolean => (clients.get(sink)?.asking ?? 0) >= MAX_ASKING,
    /** For tests: rooms in frames that are still being looked at. */
    asking: (sink: Sink): number => clients.get(sink)?.asking ?? 0,
    /** For tests: subscriptions that have still to be read for. */
    waiting: (sink: Sink): number => clients.get(sink)?.behind.size ?? 0,
    /** Cursors for rooms; a room that is subscribed to already gets a new cursor. */
    async subscribe(sink: Sink, rooms: Subscribe["rooms"]): Promise<void> {
      const client = clientOf(sink)
      client.asking += rooms.length
      // In the order in which they came: of two cursors for one room the later one holds.
      const before = client.turn
      const taken = before.then(() => (sink.closed() ? undefined : take(sink, client, rooms)))
      client.turn = taken.catch(() => {})
      try {
        await taken
      } finally {
        client.asking -= rooms.length
      }
      if (sink.closed()) return this.leave(sink)
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
    /** In open rooms only: who is not friends with somebody any more, or not yet, is not heard typing either. */
    async relay(sink: Sink, room: Id, body: Uint8Array): Promise<void> {
      const row = await db.read
        .selectFrom("room")
        .select("state")
        .where("id", "=", idBytes(room))
        .executeTakeFirst()
      if (row?.state !== roomStates.open) return
      const frame = encodeDown({ t: "ephemeral", room, device: sink.device, body })
      bus.publish(roomTopic(room), { kind: "ephemeral", room, device: sink.device, frame })
    },
    stop(): void {
      clearInterval(timer)
      stopGaps()
      for (const feed of feeds.values()) feed.stop()
      feeds.clear()
    },
  }
}
