/**
 * What a room sends, one step at a time, always in this order: a commit that waits for its answer, a lost state, a removal
 * that somebody asked for, the frame in flight, an owed update, the next frame. A step is taken only when the whole log has
 * been read. A frozen room takes removals and nothing else.
 */
import { backoff } from "../backoff.ts"
import { blobsOf } from "../content/file.ts"
import type { Room } from "../crypto/port.ts"
import { SEGMENT } from "../history/history.ts"
import type { CommandError } from "../view/port/basic.ts"
import { fateOf, isAct, isTold } from "./ahead.ts"
import type { Wanted } from "./commits.ts"
import { createCommitter } from "./committer.ts"
import { putItem, type RoomCore } from "./core.ts"
import { answerTo, inFlight, nextBatch, sealBatch, unsealed, waiting } from "./outbox.ts"
import type { Frame } from "./receive.ts"
import { keys, type OutboxItem } from "./records.ts"
import { mayRemove, stillDue } from "./removals.ts"

const refusedBy =
  (error: CommandError) =>
  (item: OutboxItem): OutboxItem => ({
    ...unsealed(item),
    state: "refused",
    error,
  })

export function createSender(core: RoomCore) {
  const { room, parts, line } = core
  const { crypto, me, pace } = parts
  let maxItems: number | undefined
  let cancelAnswer = () => {}
  let cancelWake = () => {}

  const pump = () => void core.locked(step)
  const committer = createCommitter(core, pump)

  const step = async () => {
    // Nothing more comes of such a room, so nothing has to be waited for.
    // But where a restored house does not know this device any more, it waits to be let in again.
    const { standing, absent } = core.state().meta
    if (standing === "removed") return absent ? undefined : giveBackAll()
    if (!line.connected || !line.live) return
    if (core.resting() > 0) return wake()
    const { meta, group, outbox, pending } = core.state()
    if (pending) return committer.post(pending)
    if (meta.standing === "frozen") await giveBack()
    await letGoOfActs()
    if (meta.lost || !group) return meta.standing === "frozen" ? undefined : committer.rejoin()
    if (line.sent) return
    if (meta.standing !== "pending" && (await committer.remove())) return
    // Where a restored house has brought somebody back, who knows of it says nothing before they are out again.
    const back =
      meta.out?.filter(({ user, until }) => meta.users.includes(user) && parts.clock() < until) ?? []
    if (back.length > 0) {
      const mine = back.filter(({ user }) => mayRemove(group.judged.policy, me.user, user))
      if (mine.length > 0)
        parts.redo(
          "out",
          room,
          mine.map(({ user }) => user),
        )
      return
    }
    const flight = inFlight(outbox)
    if (flight.length > 0) return transmit(flight)
    if (meta.standing !== "open" || (await committer.update())) return
    if (line.stale?.generation === group.generation && line.stale.epoch === group.epoch) return
    line.stale = undefined
    await sealNext()
  }

  /** A timer may come a moment early by the clock, so the last word is the clock's. */
  const wake = () => {
    cancelWake()
    cancelWake = core.after(core.resting() + 1, pump)
  }

  /** Nothing can be sent here for now; the person decides what becomes of it. */
  const giveBack = async () => {
    const said = waiting(core.state().outbox).filter((item) => isTold(item.draft))
    if (said.length > 0) await core.saveItems(said.map(refusedBy({ kind: "room_frozen" })))
  }

  /** This device has read the log to where its part in it ends: what was sent and is not there never will be. */
  const giveBackAll = async () => {
    const { outbox } = core.state()
    const left = [...inFlight(outbox), ...waiting(outbox)]
    if (left.length > 0) await giveUp(left, { kind: "not_a_member" })
    await letGoOfActs()
  }

  /** Messages, and what was done to them, wait for the person; what shows nothing, like a receipt, is over. */
  const giveUp = async (items: readonly OutboxItem[], error: CommandError) => {
    const said = items.filter((item) => isTold(item.draft)).map(refusedBy(error))
    const dropped = items.filter((item) => !isTold(item.draft))
    await part(said, dropped)
  }

  const part = async (said: readonly OutboxItem[], dropped: readonly OutboxItem[]) => {
    const over = new Set(dropped.map(({ order }) => order))
    const next = core.withItems(said)
    await core.save({ ...next, outbox: next.outbox.filter(({ order }) => !over.has(order)) }, [
      ...said.map((item) => putItem(room, item)),
      ...[...over].map((order) => ({ drop: keys.outbox(room, order) })),
    ])
  }

  /** Those whose message is gone meanwhile, refused already or not. */
  const letGoOfActs = async () => {
    const { meta, outbox } = core.state()
    const said: OutboxItem[] = []
    const dropped: OutboxItem[] = []
    for (const item of outbox) {
      const { draft, state } = item
      if (!isAct(draft) || state === "sealed") continue
      const { seq } = draft.of
      const block = await parts.history.block(room, meta.incarnation, Math.floor(seq / SEGMENT))
      const fate = fateOf(
        draft,
        block.find((entry) => entry.seq === seq),
      )
      if (fate === "dropped") dropped.push(item)
      if (fate === "said" && state === "waiting") said.push(refusedBy({ kind: "too_late" })(item))
    }
    if (said.length + dropped.length > 0) await part(said, dropped)
  }

  /** {new sender state, sealed bytes} are on the disk before the network sees a byte. */
  const sealNext = async () => {
    const { meta, group, outbox } = core.state()
    const batch = nextBatch(outbox, maxItems)
    if (batch.length === 0 || !group) return
    const objection = parts.objection(core.state())
    if (objection === "waits") return
    if (objection) return giveUp(batch, objection)
    const seen = { seq: meta.seq, hash: meta.hash }
    const sealed = await sealBatch(crypto, me, group, batch, meta.n, seen, parts.keyHeads(meta))
    const { delta, items, n } = sealed
    const sent = crypto.room.sentUpTo(sealed.group)
    const next = { ...core.withItems(items), group: sealed.group, meta: { ...meta, n, sent } }
    const writes = [
      ...items.map((item) => putItem(room, item)),
      { put: keys.delta(room, delta.leaf), value: delta },
    ]
    await core.save(next, writes, "strict")
    transmit(items)
  }

  const transmit = (items: readonly OutboxItem[]) => {
    const bodies = items.flatMap(({ sealed, draft }) => {
      if (!sealed) return []
      const held = draft.kind === "pastOffer" ? [draft.page ?? []].flat() : blobsOf(draft)
      const blobs = held.map(({ blob, token }) => ({ blob, token }))
      return [{ n: sealed.n, body: sealed.bytes, ...(blobs.length > 0 ? { blobs } : {}) }]
    })
    const first = items[0]?.sealed
    if (!first) return
    const { generation, epoch } = first
    line.sent = parts.send({ t: "send", room, generation, epoch, items: bodies })
    cancelAnswer()
    cancelAnswer = core.after(pace.answerMs, () => {
      line.sent = false
      if (line.connected) core.subscribe()
    })
  }

  const answered = () => {
    cancelAnswer()
    line.sent = false
  }

  const onAccepted = async (frame: Frame<"accepted">) => {
    const done: OutboxItem[] = []
    for (const { n, seq, time } of frame.items) {
      const item = core.state().outbox.find((one) => one.sealed?.n === n)
      if (item && !item.accepted) done.push({ ...item, accepted: { seq, time } })
    }
    answered()
    maxItems = undefined
    const keysTold = done.find(({ sealed }) => sealed?.keys)?.sealed?.keys
    if (keysTold) {
      const next = core.withItems(done)
      await core.save(
        { ...next, meta: { ...next.meta, keysTold } },
        done.map((item) => putItem(room, item)),
      )
    } else if (done.length > 0) await core.saveItems(done)
    pump()
  }

  const onRefused = async ({ n, error }: Frame<"refused">) => {
    const flight = inFlight(core.state().outbox)
    if (!flight.some((item) => item.sealed?.n === n)) return
    answered()
    switch (answerTo(error, flight.length)) {
      case "later": {
        const pause = error.retryAfterMs ?? backoff(2, parts.jitter, { firstMs: 500, maxMs: 10_000 })
        core.rest(pause)
        if (error.detail?.reason === "removal_due") void committer.learn().catch(parts.onFailure)
        return wake()
      }
      case "look":
        line.doubted = new Set(flight.map((item) => item.order))
        return core.subscribe()
      case "refused":
        await giveUp(flight, { kind: error.kind })
        return pump()
      case "one_by_one":
        maxItems = 1
        await core.saveItems(flight.map(unsealed))
        return pump()
      case "seal_again":
        line.stale = flight[0]?.sealed
        await core.saveItems(flight.map(unsealed))
        // The commit that made it stale is on its way, or was lost on it.
        if (line.live) core.subscribe()
        return pump()
    }
  }

  /** undefined: not now; somebody else's change comes first, or the log has not been read to its end. */
  const offer = async (from: Room, what: Wanted): Promise<number | false | undefined> => {
    const { meta, group, outbox, pending } = core.state()
    const ready = line.connected && line.live && !line.sent && core.resting() === 0
    if (!ready || pending || !group || meta.lost || meta.standing !== "open") return undefined
    if (group.generation !== from.generation || group.epoch !== from.epoch) return undefined
    if (inFlight(outbox).length > 0 || stillDue(group, meta.removals).length > 0) return undefined
    return committer.change(group, what)
  }

  return {
    pump,
    offer,
    onAccepted: (frame: Frame<"accepted">) => core.locked(() => onAccepted(frame)),
    onRefused: (frame: Frame<"refused">) => core.locked(() => onRefused(frame)),
    onLost: () => answered(),
  }
}
