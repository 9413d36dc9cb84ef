/**
 * One room, one actor: what arrives and what is sent both change the same MLS state, so both go through its lock. No
 * network answer is awaited while the lock is held.
 *
 *   onReady → subscribe → entries … (receive.ts) → live → pump (sender.ts, committer.ts)
 */
import { type Change, encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import type { Result } from "@teahouse/protocol/result.ts"
import { topics } from "../changes.ts"
import type { Draft } from "../content/message.ts"
import type { Room } from "../crypto/port.ts"
import type { Kept } from "../history/kept.ts"
import type { Block } from "../history/merge.ts"
import { type Unsafe, unsafeKey } from "../history/unsafe.ts"
import type { Wordless } from "../history/wordless.ts"
import type { Problem } from "../problem.ts"
import type { SealedWrite } from "../store/sealed.ts"
import { sameAct } from "./ahead.ts"
import type { Wanted } from "./commits.ts"
import { createCore, putItem } from "./core.ts"
import { lifeOf } from "./life.ts"
import type { RoomParts } from "./parts.ts"
import { createReceiver, type Frame } from "./receive.ts"
import { keys, type OutboxItem } from "./records.ts"
import type { Place } from "./restore.ts"
import { createSender } from "./sender.ts"
import { snapshot } from "./snapshot.ts"
import type { RoomState } from "./state.ts"
import { countUnread, unreadAfter } from "./unread.ts"

export type RoomFrame = Frame<"entries" | "live" | "accepted" | "refused" | "ended">
/** Brings a signed notice to the house. */
export type Placing<T> = (n: number, notice: Uint8Array) => Promise<Result<T, Problem>>
/** A message that waits for its file; `before` is called before anybody can see it. */
export type Attached = {
  readonly upload: NonNullable<OutboxItem["upload"]>
  readonly together: string
  readonly before: (key: string) => void
}
export type RoomActor = ReturnType<typeof createRoom>

/** Loaded where the house, or somebody else, has a part of the history. */
const restoring = () => import("./restore.ts")

/** What is a message disappears after the time that the chat has agreed on. */
const timed = (draft: Draft, seconds = 0): Draft =>
  seconds > 0 &&
  (draft.kind === "text" ||
    draft.kind === "file" ||
    draft.kind === "sticker" ||
    draft.kind === "bundle" ||
    draft.kind === "poll")
    ? { ...draft, expires: seconds }
    : draft

/** What was agreed on last holds from then on, also while the house does not know yet. */
const timerOf = ({ meta, outbox }: RoomState): number | undefined => {
  const asked = outbox.findLast(({ draft, state }) => draft.kind === "timer" && state !== "refused")?.draft
  return asked?.kind === "timer" ? asked.seconds : meta.timer
}

export function createRoom(parts: RoomParts, loaded: RoomState) {
  const core = createCore(parts, loaded)
  const { room, line, lock } = core
  const sender = createSender(core)
  const receiver = createReceiver(core, sender.pump)
  const { pump } = sender

  return {
    room,
    state: core.state,
    subscribe: core.subscribe,
    pump,
    onReady() {
      Object.assign(line, {
        connected: true,
        live: false,
        ended: false,
        sent: false,
        posted: undefined,
        gap: undefined,
      })
    },
    onLost() {
      Object.assign(line, { connected: false, live: false, sent: false })
      sender.onLost()
      parts.changes.emit(topics.room(room))
    },
    onFrame(frame: RoomFrame): Promise<void> {
      switch (frame.t) {
        case "entries":
          return receiver.onEntries(frame)
        case "live":
          return receiver.onLive(frame)
        case "ended":
          return receiver.onEnded(frame)
        case "accepted":
          return sender.onAccepted(frame)
        case "refused":
          return sender.onRefused(frame)
      }
    },

    /** On the disk when it answers; sending goes on by itself. */
    post: (draft: Draft, file?: Attached): Promise<{ readonly key: string }> =>
      lock(async () => {
        const state = core.state()
        const order = (state.outbox.at(-1)?.order ?? 0) + 1
        const key = parts.newKey()
        file?.before(key)
        const item: OutboxItem = {
          order,
          key,
          draft: timed(draft, timerOf(state)),
          at: parts.clock(),
          state: "waiting",
          ...(file ? { upload: file.upload, together: file.together } : {}),
        }
        // Whoever does it again has read that it was refused.
        const over = state.outbox.filter((one) => one.state === "refused" && sameAct(one.draft, draft))
        const outbox = [...state.outbox.filter((one) => !over.includes(one)), item]
        const drops = over.map((one) => ({ drop: keys.outbox(room, one.order) }))
        await core.save({ ...state, outbox }, [putItem(room, item), ...drops], "strict")
        pump()
        return { key }
      }),

    /** False where `run` finds nothing to change. */
    change: (
      run: (state: RoomState) => { next: RoomState; writes: readonly SealedWrite[] } | undefined,
    ): Promise<boolean> =>
      lock(async () => {
        const made = run(core.state())
        if (made) await core.save(made.next, made.writes)
        pump()
        return made !== undefined
      }),

    /** A change of people or rules, from the state that the caller looked at. The log decides what becomes of it. */
    commit: (from: Room, what: Wanted) => lock(() => sender.offer(from, what)),
    refused: () => line.refused,
    connected: () => line.connected,
    /** The log has been read to its end on this connection. */
    live: () => line.live,
    /** Whether what is here may be compared with what a house of this life keeps: it knows what it has lost. */
    settled: (life: number) => lifeOf(core.state().meta) >= life || line.ended,

    /** Signed over the head that this device knows; `place` says whether the room has moved on. */
    async notice<T>(what: Change, place: Placing<T>): Promise<Result<T, Problem>> {
      const made = await lock(async () => {
        const state = core.state()
        const { hash } = state.meta
        const n = state.meta.n + 1
        await core.save({ ...state, meta: { ...state.meta, n } }, [], "strict")
        const bytes = encodeChange(what)
        const { privateKey } = parts.me.signature
        const signature = await parts.crypto.device.sign(privateKey, noticeToSign(room, hash, bytes))
        return { n, body: encodeNotice(bytes, hash, signature) }
      })
      return place(made.n, made.body)
    },

    /** Moves the read position forward; false where it was there already. */
    read: (seq: number): Promise<boolean> =>
      lock(async () => {
        const state = core.state()
        const { meta } = state
        // Between two positions stands what a restored house has lost.
        const to = Math.min(Math.floor(seq), meta.seq)
        if (to <= meta.read) return false
        const unread = await unreadAfter(parts, meta, to)
        await core.save({ ...state, meta: { ...meta, read: to, unread } }, [])
        return true
      }),

    /** Counts the unread ones anew: other people are blocked than before. */
    recount: (): Promise<void> =>
      core.locked(async () => {
        const state = core.state()
        const { meta } = state
        if (meta.kind !== "group") return
        const unread = await countUnread(parts, meta, meta.read, meta.seq)
        if (unread !== meta.unread) await core.save({ ...state, meta: { ...meta, unread } }, [])
      }),

    /** Takes messages away from this device. */
    forget: (seqs: readonly number[], why: "expired" | "deleted", life?: number) =>
      lock(async () => (await import("./forget.ts")).forget(core, seqs, why, life)),

    /** What this device has of a block, for the house to keep. */
    snapshot: (incarnation: number, number: number) => lock(() => snapshot(core, incarnation, number)),
    /**
     * A block that the house has kept becomes part of the history here. What goes wrong is for whoever brings it: nothing comes again by
     * itself. False: the room has stopped; what is stored of it is another one's now.
     */
    place: (at: Place, kept: Kept, also: readonly SealedWrite[]): Promise<boolean> =>
      core.attempt(async () => (await restoring()).restore(core, at, kept, also)),
    /** The same of what somebody gave: it fills in where nothing is, and changes nothing of what this account had. */
    fill: (at: Place, given: Block) => core.locked(async () => (await restoring()).fill(core, at, given)),
    /** The house has what `change` was the last change of; `also` is written with it. */
    kept: ({ incarnation, number }: Place, change: number | undefined, also: readonly SealedWrite[]) =>
      core.locked(async () => {
        const key = unsafeKey(room, incarnation, number)
        const same = (await parts.store.get<Unsafe>(key))?.change === change
        await parts.store.write([...(same ? [{ drop: key }] : []), ...also])
      }),

    /** A complete block's words and sign, for searching. What fails is for whoever makes them; false: the room has stopped. */
    words: (wordless: Wordless): Promise<boolean> =>
      core.attempt(async () => (await import("../history/index-block.ts")).indexBlock(parts, room, wordless)),

    /** Waits for what is being done; nothing is begun after it. */
    stop: core.stop,
  }
}
