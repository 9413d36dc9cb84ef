/**
 * What the receiving, sending and committing halves of a room share: the state, its lock, and what is known of the present
 * connection. Whatever changes is stored before memory, network or views see it.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { topics } from "../changes.ts"
import { createLock, type Lock } from "../lock.ts"
import type { Problem } from "../problem.ts"
import type { SealedWrite } from "../store/sealed.ts"
import { lifeOf } from "./life.ts"
import { metaWrites } from "./load.ts"
import type { RoomParts } from "./parts.ts"
import { keys, type OutboxItem } from "./records.ts"
import type { RoomState } from "./state.ts"

/** Nothing of it survives a restart, nor needs to. */
export type Line = {
  connected: boolean
  /** The log has been read to its end on this connection. */
  live: boolean
  /** The house says that there is nothing here for this device. */
  ended: boolean
  /** A frame is out and not answered. */
  sent: boolean
  /** The number of a commit that the house has taken. */
  posted: number | undefined
  /** Nothing is sent before (ms UTC), which was so many ms ahead when it was said. */
  notBefore: number
  pause: number
  /** The commit that the house refused last. */
  refused: { readonly n: number; readonly error: Problem } | undefined
  /** The epoch that the house called stale. */
  stale: { readonly generation: number; readonly epoch: number } | undefined
  /** Orders of items that may be in the log already. */
  doubted: ReadonlySet<number>
  /** The cursor at which entries were missing, and how often the end of the log was said there since. */
  gap: { readonly at: number; readonly answers: number } | undefined
  /** What came last could not be stored; it is asked for again in a while. */
  unstored: boolean
  /** Failed attempts to commit, since the last that was adopted. */
  failures: number
}

export type RoomCore = {
  readonly room: Id
  readonly parts: RoomParts
  readonly line: Line
  readonly lock: Lock
  state(): RoomState
  /**
   * Under the lock, and not after stopping. What fails is told and has changed nothing: a device that was full for a moment, say,
   * looks at the log again in a while.
   */
  locked(task: () => Promise<void>): Promise<void>
  /** Under the lock, for somebody who waits for it: what fails is theirs to say. False: the room has stopped, and nothing was done. */
  attempt(task: () => Promise<void>): Promise<boolean>
  /** Persist, then remember, then tell. */
  save(
    next: RoomState,
    writes: readonly SealedWrite[],
    durability?: "strict",
    remember?: () => void,
  ): Promise<void>
  saveItems(items: readonly OutboxItem[]): Promise<void>
  withItems(items: readonly OutboxItem[]): RoomState
  /** Nothing is sent for so long. */
  rest(ms: number): void
  /** For how long nothing is sent (ms). A clock that was set back meanwhile makes it no longer. */
  resting(): number
  /** Called off when the room stops. */
  after(ms: number, run: () => void): () => void
  /** Asks for everything after the cursor. */
  subscribe(): void
  stop(): Promise<void>
}

export const putItem = (room: Id, item: OutboxItem): SealedWrite => ({
  put: keys.outbox(room, item.order),
  value: item,
})

export function createCore(parts: RoomParts, loaded: RoomState): RoomCore {
  const { room } = loaded.meta
  const lock = createLock()
  const running = new Set<() => void>()
  let state = loaded
  let stopped = false
  const line: Line = {
    connected: false,
    live: false,
    ended: false,
    sent: false,
    posted: undefined,
    notBefore: 0,
    pause: 0,
    refused: undefined,
    stale: undefined,
    doubted: new Set(),
    gap: undefined,
    unstored: false,
    failures: 0,
  }

  const core: RoomCore = {
    room,
    parts,
    line,
    lock,
    state: () => state,
    locked: (task) =>
      lock(async () => {
        if (!stopped) await task()
      }).catch((error: unknown) => {
        parts.onFailure(error)
        if (!stopped) core.after(parts.pace.suspectMs, () => line.connected && core.subscribe())
      }),
    attempt: (task) =>
      lock(async () => {
        if (stopped) return false
        await task()
        return true
      }),
    async save(next, writes, durability, remember) {
      await parts.store.write([...metaWrites(next.meta, state.meta), ...writes], durability)
      state = next
      remember?.()
      parts.onTaken(state)
      parts.changes.emit(topics.room(room), topics.rooms, topics.connection)
    },
    withItems(items) {
      const changed = new Map(items.map((item) => [item.order, item]))
      return { ...state, outbox: state.outbox.map((item) => changed.get(item.order) ?? item) }
    },
    saveItems: (items) =>
      core.save(
        core.withItems(items),
        items.map((item) => putItem(room, item)),
      ),
    rest(ms) {
      Object.assign(line, { notBefore: parts.clock() + ms, pause: ms })
    },
    resting() {
      const left = line.notBefore - parts.clock()
      return left > 0 && left <= line.pause ? left : 0
    },
    after(ms, run) {
      const cancel = parts.timers(ms, () => {
        running.delete(cancel)
        if (!stopped) run()
      })
      running.add(cancel)
      return () => {
        running.delete(cancel)
        cancel()
      }
    },
    subscribe() {
      const { seq } = state.meta
      const incarnation = lifeOf(state.meta)
      Object.assign(line, { live: false, unstored: false })
      parts.send({ t: "subscribe", rooms: [{ room, incarnation, seq }] })
    },
    async stop() {
      stopped = true
      for (const cancel of running) cancel()
      await lock(async () => {})
    },
  }
  return core
}
