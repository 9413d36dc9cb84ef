/**
 * One room, one actor: what arrives and what is sent both change the same MLS state, so both go through its lock. No
 * network answer is awaited while the lock is held; whatever changes is stored before memory, network or views see it.
 *
 *   onReady → subscribe → entries … → live → pump: pending commit? lost state? frame in flight? owed update? next frame
 */

import type { Leaf } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import { errors } from "@teahouse/protocol/error.ts"
import type { SignedHead } from "@teahouse/protocol/head.ts"
import { type Change, encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import type { Result } from "@teahouse/protocol/result.ts"
import { backoff } from "../backoff.ts"
import { topics } from "../changes.ts"
import type { Draft } from "../content/message.ts"
import { SEGMENT } from "../history/history.ts"
import { createLock } from "../lock.ts"
import type { Problem } from "../problem.ts"
import type { SealedWrite } from "../store/sealed.ts"
import { attest } from "./attest.ts"
import { makeExternal, makeUpdate, postPending } from "./commits.ts"
import { take } from "./inbox.ts"
import { groupWrites } from "./load.ts"
import { answerTo, inFlight, nextBatch, sealBatch, unsealed } from "./outbox.ts"
import type { RoomParts } from "./parts.ts"
import { keys, type OutboxItem, type PendingCommit } from "./records.ts"
import type { RoomState } from "./state.ts"
import { countUnread } from "./unread.ts"

type Frame<T extends Down["t"]> = Extract<Down, { t: T }>
export type Placing<T> = (n: number, notice: Uint8Array) => Promise<Result<T, Problem>>

type RoomIdentities = { readonly leaves: readonly Pick<Leaf, "user" | "uik">[] }
export type RoomActor = ReturnType<typeof createRoom>

export function createRoom(parts: RoomParts, loaded: RoomState) {
  const { store, crypto, me, call, timers, clock, pace } = parts
  const room = loaded.meta.room
  const lock = createLock()
  let state = loaded
  let stopped = false

  // What is known about the present connection only; nothing of it survives a restart, nor needs to.
  let connected = false
  let live = false
  let sent = false
  let posting = false
  let posted: number | undefined
  let rejoining = false
  let rejoins = 0
  let maxItems: number | undefined
  let notBefore = 0
  let stale: { generation: number; epoch: number } | undefined
  let doubted = new Set<number>()
  let gapAt: number | undefined
  let updateDue = false
  const running = new Set<() => void>()

  const after = (ms: number, run: () => void) => {
    const cancel = timers(ms, () => {
      running.delete(cancel)
      if (!stopped) run()
    })
    running.add(cancel)
    return cancel
  }
  let cancelAnswer = () => {}
  let updatePlanned = false

  const locked = (task: () => Promise<void>): Promise<void> =>
    lock(async () => {
      if (!stopped) await task()
    }).catch(parts.onFailure)

  /** Persist, then remember, then tell. */
  const save = async (
    next: RoomState,
    writes: readonly SealedWrite[],
    durability?: "strict",
    remember = () => {},
  ) => {
    await store.write([{ put: keys.meta(room), value: next.meta }, ...writes], durability)
    state = next
    remember()
    parts.onTaken(state)
    parts.changes.emit(topics.room(room), topics.rooms, topics.connection)
  }
  const putItem = (item: OutboxItem): SealedWrite => ({ put: keys.outbox(room, item.order), value: item })
  const withItems = (items: readonly OutboxItem[]): RoomState => {
    const changed = new Map(items.map((item) => [item.order, item]))
    return { ...state, outbox: state.outbox.map((item) => changed.get(item.order) ?? item) }
  }
  const saveItems = (items: readonly OutboxItem[]) => save(withItems(items), items.map(putItem))

  const storedHash = async (seq: number) => {
    const block = await parts.history.block(room, state.meta.incarnation, Math.floor(seq / SEGMENT))
    return block.find((entry) => entry.seq === seq)?.hash
  }

  const subscribe = () => {
    const { incarnation, seq } = state.meta
    live = false
    parts.send({ t: "subscribe", rooms: [{ room, incarnation, seq }] })
  }
  /** The log does not fit what we have. Said once, asked again in a while: a lost frame heals, a liar is shown. */
  const suspect = () => {
    live = false
    after(pace.suspectMs, () => connected && subscribe())
  }

  // ------------------------------------------------------------------------------------------------------- receiving

  const sameIncarnation = (incarnation: number) => {
    if (incarnation === state.meta.incarnation) return true
    parts.alarm(incarnation > state.meta.incarnation ? "new_incarnation" : "rolled_back", room)
    live = false
    return false
  }

  const checkHead = async (head: SignedHead | undefined) => {
    if (head?.seq !== state.meta.seq) return
    if (!sameBytes(head.hash, state.meta.hash)) parts.alarm("forked", room)
    else if (!(await parts.verifyHead(room, head))) parts.alarm("bad_signature", room)
  }

  const onEntries = (frame: Frame<"entries">) =>
    locked(async () => {
      if (!sameIncarnation(frame.incarnation)) return
      const first = frame.entries[0]
      if (first && first.seq > state.meta.seq + 1) {
        if (gapAt === state.meta.seq) {
          parts.alarm("forked", room)
          return suspect()
        }
        gapAt = state.meta.seq
        return subscribe()
      }
      const taken = await take(state, frame.entries, { crypto, me, storedHash })
      if (taken.alarm) parts.alarm(taken.alarm, room)
      if (taken.history.length > 0) {
        for (const { user, content } of taken.contents) await parts.heed(room, user, content)
        const { meta, group, pending } = taken.state
        const writes = await parts.history.add(room, meta.incarnation, taken.history)
        if (taken.rebased) writes.push(...groupWrites(crypto, meta, group))
        for (const [leaf, delta] of taken.deltas) writes.push({ put: keys.delta(room, leaf), value: delta })
        for (const item of taken.finished) writes.push({ drop: keys.outbox(room, item.order) })
        if (state.pending && !pending) writes.push({ drop: keys.commit(room) })
        await save(taken.state, writes, taken.rebased ? "strict" : undefined, () =>
          parts.history.added(room, meta.incarnation, taken.history),
        )
        if (taken.adopted) {
          rejoins = 0
          if (group) attest(parts, group).catch(parts.onFailure)
        }
      }
      if (taken.broken) return suspect()
      await checkHead(frame.head)
      if (live) pump()
    })

  const onLive = (frame: Frame<"live">) =>
    locked(async () => {
      if (!sameIncarnation(frame.incarnation)) return
      if (frame.seq < state.meta.seq) {
        parts.alarm("rolled_back", room)
        return suspect()
      }
      if (frame.seq > state.meta.seq) {
        if (gapAt === state.meta.seq) {
          parts.alarm("forked", room)
          return suspect()
        }
        gapAt = state.meta.seq
        return subscribe()
      }
      gapAt = undefined
      await checkHead(frame.head)
      // The whole log has been seen, and these are not in it.
      const again = state.outbox.filter((item) => doubted.has(item.order)).map(unsealed)
      doubted = new Set()
      if (again.length > 0) await saveItems(again)
      live = true
      // Refused as stale although there is no newer epoch in the log: not at once again.
      if (stale && stale.epoch === state.group?.epoch) notBefore = clock() + pace.rejoinMs
      if (stale) after(Math.max(0, notBefore - clock()), pump)
      stale = undefined
      pump()
    })

  const onAccepted = (frame: Frame<"accepted">) =>
    locked(async () => {
      const done: OutboxItem[] = []
      for (const { n, seq, time } of frame.items) {
        const item = state.outbox.find((i) => i.sealed?.n === n)
        if (item && !item.accepted) done.push({ ...item, accepted: { seq, time } })
      }
      cancelAnswer()
      sent = false
      maxItems = undefined
      if (done.length > 0) await saveItems(done)
      pump()
    })

  const onRefused = (frame: Frame<"refused">) =>
    locked(async () => {
      const flight = inFlight(state.outbox)
      if (!flight.some((item) => item.sealed?.n === frame.n)) return
      cancelAnswer()
      sent = false
      const { error } = frame
      const answer = answerTo(error, flight.length)
      if (answer === "later") {
        notBefore =
          clock() + (error.retryAfterMs ?? backoff(2, parts.jitter, { firstMs: 500, maxMs: 10_000 }))
        after(notBefore - clock(), pump)
      } else if (answer === "look") {
        doubted = new Set(flight.map((item) => item.order))
        subscribe()
      } else if (answer === "refused") {
        await saveItems(
          flight.map((item) => ({
            ...unsealed(item),
            state: "refused" as const,
            error: { kind: error.kind },
          })),
        )
        pump()
      } else {
        if (answer === "one_by_one") maxItems = 1
        else stale = flight[0]?.sealed
        await saveItems(flight.map(unsealed))
        // The commit that made it stale is on its way or was lost on it.
        if (answer === "seal_again" && live) subscribe()
        pump()
      }
    })

  const onEnded = (_frame: Frame<"ended">) =>
    locked(async () => {
      live = false
    })

  // --------------------------------------------------------------------------------------------------------- sending

  const pump = () => void locked(step)

  const step = async () => {
    if (!connected || !live || clock() < notBefore) return
    if (state.pending) return post(state.pending)
    const { meta, group } = state
    if (meta.standing === "removed") return
    if (meta.lost || !group) return rejoin()
    const flight = inFlight(state.outbox)
    if (flight.length > 0) return sent ? undefined : transmit(flight)
    if (meta.owesUpdate) {
      if (updateDue) return update()
      if (!updatePlanned) {
        updatePlanned = true
        after(pace.updateAfterMs * (1 + parts.jitter()), () => {
          updateDue = true
          pump()
        })
      }
    }
    if (meta.standing !== "open") return
    if (stale && stale.generation === group.generation && stale.epoch === group.epoch) return
    stale = undefined
    const batch = nextBatch(state.outbox, maxItems)
    if (batch.length === 0) return
    const objection = parts.objection(state)
    if (objection)
      return saveItems(batch.map((item) => ({ ...item, state: "refused" as const, error: objection })))
    const seen = { seq: meta.seq, hash: meta.hash }
    const sealed = await sealBatch(crypto, me, group, batch, meta.n, seen)
    const next = withItems(sealed.items)
    const writes = [
      ...sealed.items.map(putItem),
      { put: keys.delta(room, sealed.delta.leaf), value: sealed.delta },
    ]
    await save({ ...next, group: sealed.group, meta: { ...meta, n: sealed.n } }, writes, "strict")
    transmit(sealed.items)
  }

  const transmit = (items: readonly OutboxItem[]) => {
    const head = items[0]?.sealed
    if (!head) return
    const bodies = items.flatMap((item) =>
      item.sealed ? [{ n: item.sealed.n, body: item.sealed.bytes }] : [],
    )
    const { generation, epoch } = head
    sent = parts.send({ t: "send", room, generation, epoch, items: bodies })
    cancelAnswer()
    cancelAnswer = after(pace.answerMs, () => {
      sent = false
      if (connected) subscribe()
    })
  }

  const begin = async (pending: PendingCommit, more: readonly SealedWrite[] = []) => {
    const next = { ...state, pending, meta: { ...state.meta, n: Math.max(state.meta.n, pending.n) } }
    await save(next, [{ put: keys.commit(room), value: pending }, ...more], "strict")
    post(pending)
  }

  const update = async () => {
    const { meta, group } = state
    updateDue = false
    updatePlanned = false
    if (!group) return
    const pending = await makeUpdate(crypto, group, meta.n + 1, { seq: meta.seq, hash: meta.hash })
    if (pending) await begin(pending)
  }

  /** Outside of the lock: the entries that decide about it must be able to come in. */
  const post = (pending: PendingCommit) => {
    if (posting || posted === pending.n) return
    posting = true
    void postPending(call, room, pending)
      .then((answer) =>
        locked(async () => {
          posting = false
          if (answer.ok) posted = pending.n
          // The log decides; if its entry gets lost on the way, look.
          if (answer.ok) return void after(pace.answerMs, () => state.pending && connected && subscribe())
          if (state.pending?.n !== pending.n) return pump()
          if (answer.error.kind === "offline") return void after(pace.rejoinMs, pump)
          const later = answer.error.kind !== "stale_epoch" && errors[answer.error.kind].retry === "later"
          const wait = answer.error.retryAfterMs ?? backoff(rejoins++, parts.jitter, rejoinPace)
          if (!later) await save({ ...state, pending: undefined }, [{ drop: keys.commit(room) }])
          notBefore = clock() + wait
          after(wait, pump)
        }),
      )
      .catch(parts.onFailure)
  }
  const rejoinPace = { firstMs: pace.rejoinMs, maxMs: pace.rejoinMaxMs }

  /** SECURITY R3, step 1. */
  const rejoin = () => {
    if (rejoining) return
    rejoining = true
    const acceptable = (seen: RoomIdentities) =>
      seen.leaves.every((leaf) => sameBytes(parts.knownIdentity(leaf.user) ?? leaf.uik, leaf.uik))
    const { seq, hash, n } = state.meta
    const number = async () => {
      const last = await call("lastNumber", { params: { room } })
      return Math.max(n, last.ok ? last.value.n : 0) + 1
    }
    void makeExternal(crypto, me, call, room, number, { seq, hash }, acceptable)
      .then((made) =>
        locked(async () => {
          rejoining = false
          if (made.ok && !state.pending) {
            const { bundle: _, incarnation: __, ...pending } = made.value
            return begin(pending)
          }
          after(backoff(rejoins++, parts.jitter, rejoinPace), pump)
        }),
      )
      .catch(parts.onFailure)
  }

  // -------------------------------------------------------------------------------------------------- what people do

  const postDraft = (draft: Draft): Promise<{ key: string }> =>
    lock(async () => {
      const order = (state.outbox.at(-1)?.order ?? 0) + 1
      const item: OutboxItem = { order, key: parts.newKey(), draft, at: clock(), state: "waiting" }
      await save({ ...state, outbox: [...state.outbox, item] }, [putItem(item)], "strict")
      pump()
      return { key: item.key }
    })

  const change = (
    run: (state: RoomState) => { next: RoomState; writes: readonly SealedWrite[] } | undefined,
  ) =>
    lock(async () => {
      const made = run(state)
      if (made) await save(made.next, made.writes)
      pump()
      return made !== undefined
    })

  /** Signed over the present head; somebody may be faster, then it is signed again over the new one. */
  const notice = <T>(what: Change, place: Placing<T>): Promise<Result<T, Problem>> =>
    lock(async () => {
      const n = state.meta.n + 1
      await save({ ...state, meta: { ...state.meta, n } }, [], "strict")
      const bytes = encodeChange(what)
      const toSign = noticeToSign(room, state.meta.hash, bytes)
      const signature = await crypto.device.sign(me.signature.privateKey, toSign)
      return { n, body: encodeNotice(bytes, state.meta.hash, signature) }
    }).then(({ n, body }) => place(n, body))

  return {
    room,
    state: () => state,
    onReady() {
      connected = true
      sent = false
      gapAt = undefined
      posted = undefined
      live = false
    },
    onLost() {
      connected = false
      live = false
      sent = false
      cancelAnswer()
      parts.changes.emit(topics.room(room))
    },
    onFrame(frame: Frame<"entries" | "live" | "accepted" | "refused" | "ended">): Promise<void> {
      switch (frame.t) {
        case "entries":
          return onEntries(frame)
        case "live":
          return onLive(frame)
        case "accepted":
          return onAccepted(frame)
        case "refused":
          return onRefused(frame)
        case "ended":
          return onEnded(frame)
      }
    },
    subscribe,
    pump,
    post: postDraft,
    change,
    notice,
    /** Moves the read position forward; false where it was there already. */
    read: (seq: number): Promise<boolean> =>
      lock(async () => {
        const { meta } = state
        const to = Math.min(seq, meta.seq)
        if (to <= meta.read) return false
        const unread = to === meta.seq ? 0 : await countUnread(parts, meta, to)
        await save({ ...state, meta: { ...meta, read: to, unread } }, [])
        return true
      }),
    /** Waits for what is being done; nothing is begun after it. */
    async stop() {
      stopped = true
      for (const cancel of running) cancel()
      await lock(async () => {})
    },
  }
}
