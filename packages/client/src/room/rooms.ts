/** All rooms of this device: loads them, gives frames to them, and brings in those that it is not in yet. */
import type { WaitingWelcome } from "@teahouse/protocol/http/device.ts"
import type { RoomSummary } from "@teahouse/protocol/http/room.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { backoff } from "../backoff.ts"
import { topics } from "../changes.ts"
import { createLock } from "../lock.ts"
import type { Problem } from "../problem.ts"
import type { SealedWrite } from "../store/sealed.ts"
import { lifeOf } from "./life.ts"
import { livesFor } from "./lives-for.ts"
import { loadRoom } from "./load.ts"
import type { RoomParts } from "./parts.ts"
import { keys, type RoomMeta } from "./records.ts"
import { createRoom, type RoomActor, type RoomFrame } from "./room.ts"

/** Rooms that a new device comes into at the same time: each waits for the house several times. */
const ABREAST = 4

type WelcomeArgs = [welcome: WaitingWelcome & Pick<RoomMeta, "life">, before?: RoomMeta]

export type Rooms = ReturnType<typeof createRooms>

export function createRooms(
  parts: RoomParts & { readonly onSummary: (summary: RoomSummary) => Promise<void> },
) {
  const { store, crypto, me, call, timers, changes } = parts
  const actors = new Map<Id, RoomActor>()
  const refreshing = createLock()
  const adopting = createLock()
  let connected = false
  let stopped = false
  let failures = 0
  let cancelRetry = () => {}
  /** A house that asks for patience is not asked again before, whatever the occasion. */
  const patience = new Map<Id, { readonly until: number; readonly ms: number }>()
  /** Rooms that this device was removed from. */
  const gone = new Set<Id>()
  /** Rooms to come into, by the house's last word; undefined before it was asked. */
  let due: ReadonlySet<Id> | undefined
  const coming = () => (due ? [...due].some((room) => !actors.has(room)) : actors.size === 0)

  const joinByWelcome = async (...given: WelcomeArgs) =>
    (await import("./join.ts")).joinByWelcome(parts, ...given)
  const joinByCommit = async (summary: RoomSummary, before?: RoomMeta) =>
    (await import("./join-by-commit.ts")).joinByCommit(parts, summary, before)

  const begin = async (meta: RoomMeta) => {
    const actor: RoomActor = createRoom(
      {
        ...parts,
        onTaken(state) {
          parts.onTaken(state)
          // Whoever was removed may have been added again: that welcome waits until the removal was read.
          const removed = state.meta.standing === "removed" && !gone.has(state.meta.room)
          if (!removed) return
          gone.add(state.meta.room)
          if (connected && !stopped) void refresh().catch(parts.onFailure)
        },
      },
      await loadRoom(store, crypto, me, meta),
    )
    actors.set(meta.room, actor)
    parts.onTaken(actor.state())
    changes.emit(topics.rooms, topics.room(meta.room))
    if (connected) {
      actor.onReady()
      actor.subscribe()
    }
    return actor
  }

  /** The friend request behind it was declined or withdrawn. */
  const forget = async (actor: RoomActor) => {
    actors.delete(actor.room)
    await actor.stop()
    const { room } = actor
    const drops = [
      keys.meta(room),
      keys.face(room),
      keys.group(room),
      keys.agreed(room),
      keys.commit(room),
    ].map((drop) => ({
      drop,
    }))
    const prefixes = [keys.deltas(room), keys.outboxes(room)].map((dropPrefix) => ({ dropPrefix }))
    await store.write([...drops, ...prefixes, ...parts.history.drop(room), ...parts.marks.drop(room)])
    changes.emit(topics.rooms, topics.room(room))
  }

  /** Whether the house may forget this welcome. */
  const takeWelcome = async (welcome: WaitingWelcome): Promise<boolean> => {
    const actor = actors.get(welcome.room)
    const known = actor?.state().meta
    const lives = await livesFor(parts, welcome.room, welcome.incarnation)
    if (!lives.ok) return false
    const place = { ...welcome, ...lives.value }
    if (!actor || !known) {
      const meta = await joinByWelcome(place)
      if (meta) await begin(meta)
      return true
    }
    // What the log has been read past is over, one way or the other.
    if (welcome.seq <= known.seq) return true
    // A welcome never replaces a group that is live; what makes it one's turn may be still unread.
    if (known.standing !== "removed") return false
    await actor.stop()
    const meta = await joinByWelcome(place, actor.state().meta)
    gone.delete(welcome.room)
    actors.delete(welcome.room)
    await begin(meta ?? known)
    return true
  }

  const takeWelcomes = async (): Promise<Problem | undefined> => {
    for (;;) {
      const waiting = await call("listWelcomes", {})
      if (!waiting.ok) return waiting.error
      const { welcomes, more } = waiting.value
      const ids: Id[] = []
      for (const welcome of welcomes) if (await takeWelcome(welcome)) ids.push(welcome.id)
      if (ids.length > 0) {
        const acked = await call("ackWelcomes", { request: { ids } })
        if (!acked.ok) return acked.error
      }
      if (!more || ids.length === 0) return undefined
    }
  }

  /** Where this device is not in it and can be. */
  const comeInto = async (summary: RoomSummary): Promise<Problem | undefined> => {
    await parts.onSummary(summary)
    // A room that takes no commits is joined when it is resumed.
    const known = actors.get(summary.room)
    const absent = known?.state().meta.absent
    if ((known && !absent) || summary.state !== "open" || stopped) return undefined
    // Who makes a room has its state, and takes it when the house has answered; or has just taken it.
    const isOwn = await adopting(
      async () =>
        actors.get(summary.room) !== known ||
        (await parts.store.get(keys.attempt(summary.room))) !== undefined,
    )
    if (isOwn) return undefined
    const { until = 0, ms = 0 } = patience.get(summary.room) ?? {}
    const wait = until - parts.clock()
    // More than was asked for is left only where the clock was set back.
    if (wait > 0 && wait <= ms) return { kind: "rate_limited", retryAfterMs: wait }
    await known?.stop()
    const joined = await joinByCommit(summary, known?.state().meta)
    if (joined.ok) {
      gone.delete(summary.room)
      await begin(joined.value)
      return undefined
    }
    if (known) await begin(known.state().meta)
    const { retryAfterMs } = joined.error
    if (retryAfterMs) patience.set(summary.room, { until: parts.clock() + retryAfterMs, ms: retryAfterMs })
    return joined.error
  }

  const expect = (rooms: readonly Id[]) => {
    const before = coming()
    due = new Set(rooms)
    if (coming() !== before) changes.emit(topics.rooms)
  }

  const refreshOnce = async (): Promise<Problem | undefined> => {
    const listed = await call("listRooms", {})
    if (!listed.ok) return listed.error
    const open = listed.value.rooms.filter(({ state }) => state === "open")
    expect(open.map(({ room }) => room))
    let problem = await takeWelcomes()
    const here = new Set(listed.value.rooms.map((summary) => summary.room))
    // The house says them oldest first; whoever comes in with a new device looks at the newest first.
    const queue = listed.value.rooms.toReversed()
    const lane = async () => {
      for (let summary = queue.shift(); summary; summary = queue.shift())
        problem = (await comeInto(summary)) ?? problem
    }
    const lanes = await Promise.allSettled(Array.from({ length: ABREAST }, lane))
    for (const ended of lanes) if (ended.status === "rejected") throw ended.reason
    if (!problem) expect([])
    for (const actor of [...actors.values()]) {
      const { standing, behind } = actor.state().meta
      if (standing === "pending" && !behind && !here.has(actor.room)) await forget(actor)
    }
    return problem
  }

  /** As a device without a leaf, into a room that need not be open: to answer the request behind it. */
  const enter = (room: Id): Promise<Problem | undefined> =>
    refreshing(async () => {
      if (actors.has(room)) return undefined
      const listed = await call("listRooms", {})
      if (!listed.ok) return listed.error
      const summary = listed.value.rooms.find((one) => one.room === room)
      if (!summary || summary.joined) return undefined
      const joined = await joinByCommit(summary)
      if (!joined.ok) return joined.error
      await begin(joined.value)
      return undefined
    })

  const refresh = (): Promise<Problem | undefined> =>
    refreshing(async () => {
      if (stopped) return undefined
      cancelRetry()
      const problem = await refreshOnce()
      if (!problem) failures = 0
      else if (connected && !stopped) {
        const wait =
          problem.retryAfterMs ?? backoff(failures++, parts.jitter, { firstMs: 1_000, maxMs: 60_000 })
        cancelRetry = timers(wait, () => void refresh().catch(parts.onFailure))
      }
      return problem
    })

  return {
    async load() {
      for (const { value } of await store.range<RoomMeta>(keys.metas)) await begin(value)
    },
    get: (room: Id) => actors.get(room),
    all: () => [...actors.values()],
    /** Whether there are chats that are not on this device yet, as far as it knows. */
    coming,
    /** A room that was made here, and what stores it. Where two have asked for its answer, it is taken once. */
    adopt: (meta: RoomMeta, writes: readonly SealedWrite[]): Promise<RoomActor> =>
      adopting(async () => {
        const here = actors.get(meta.room)
        if (here) return here
        await store.write(writes, "strict")
        return begin(meta)
      }),
    refresh,
    /** While a room is made here that is listed before its state is: nothing is come into meanwhile. */
    undisturbed: <T>(task: () => Promise<T>): Promise<T> => refreshing(task),
    enter,
    onReady() {
      connected = true
      const all = [...actors.values()]
      for (const actor of all) actor.onReady()
      for (let i = 0; i < all.length; i += limits.subscribeRooms) {
        const cursors = all.slice(i, i + limits.subscribeRooms).map((actor) => {
          const { meta } = actor.state()
          return { room: meta.room, incarnation: lifeOf(meta), seq: meta.seq }
        })
        parts.send({ t: "subscribe", rooms: cursors })
      }
    },
    onLost() {
      connected = false
      cancelRetry()
      for (const actor of actors.values()) actor.onLost()
    },
    onFrame: (frame: RoomFrame) => void actors.get(frame.room)?.onFrame(frame),
    async stop() {
      stopped = true
      cancelRetry()
      await Promise.all([...actors.values()].map((actor) => actor.stop()))
      await refreshing(async () => {})
    },
  }
}
