/**
 * What the house says of a room's log. The cursor moves over what continues the chain and over nothing else; what does not
 * fit is an alarm, said once, and asked for again in a while: a lost frame heals, a liar is shown.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import { errors } from "@teahouse/protocol/error.ts"
import type { SignedHead } from "@teahouse/protocol/head.ts"
import { packageByRef, usedPackage } from "../account/key-packages.ts"
import { backoff } from "../backoff.ts"
import type { Content } from "../content/message.ts"
import { expiryWrites } from "../history/expiring.ts"
import { SEGMENT } from "../history/history.ts"
import { lateWrites } from "../history/late.ts"
import { letGoWrites } from "../history/let-go.ts"
import { attest, epochName } from "./attest.ts"
import type { RoomCore } from "./core.ts"
import { take } from "./inbox.ts"
import { isOfNow, lifeOf } from "./life.ts"
import { groupWrites } from "./load.ts"
import { unsealed } from "./outbox.ts"
import { keys } from "./records.ts"

/** How often a log may be said to be complete, and not be, before it is an alarm. */
const ANSWERS = 2

export type Frame<T extends Down["t"]> = Extract<Down, { t: T }>

/** `pump`: the sender may have something to do now. */
export function createReceiver(core: RoomCore, pump: () => void) {
  const { room, parts, line } = core
  const { crypto, me, pace, history, marks } = parts

  const stored = async (seq: number) => {
    const block = await history.block(room, core.state().meta.incarnation, Math.floor(seq / SEGMENT))
    return block.find((entry) => entry.seq === seq)
  }
  const mark = (seq: number) => marks.get(room, core.state().meta.incarnation, seq)

  /**
   * Said once for each epoch; where the house did not take it, again in a while: without anybody's word a new device may
   * find no way into the room.
   */
  let vouching: string | undefined
  let unheard = 0
  const vouch = () => {
    const { meta, group } = core.state()
    if (!group) return
    const name = epochName(group)
    if (meta.attested === name || vouching === name) return
    vouching = name
    attest(parts, group)
      .then((said) =>
        core.locked(async () => {
          if (vouching === name) vouching = undefined
          if (said === "unheard") {
            const pause = { firstMs: pace.rejoinMs, maxMs: pace.rejoinMaxMs }
            // Without a connection there is no hurry: the next one says it.
            core.after(backoff(unheard++, parts.jitter, pause), () => line.connected && vouch())
            return
          }
          unheard = 0
          const state = core.state()
          const owes = said === "shut" ? { owesUpdate: true } : {}
          await core.save({ ...state, meta: { ...state.meta, attested: name, ...owes } }, [])
          if (said === "shut") pump()
        }),
      )
      .catch(parts.onFailure)
  }

  const suspect = () => {
    line.live = false
    core.after(pace.suspectMs, () => line.connected && core.subscribe())
  }

  /** Entries are missing between the cursor and what came: they are asked for, once. What comes meanwhile waits. */
  const gap = () => {
    const { seq } = core.state().meta
    if (line.gap?.at === seq) return
    line.gap = { at: seq, answers: 0 }
    core.subscribe()
  }

  /**
   * The log is said to be read to its end, and it is not. Frames get lost, and an answer may be to an older question; twice
   * at one place is no accident.
   */
  const gapAtEnd = () => {
    const { seq } = core.state().meta
    const answers = line.gap?.at === seq ? line.gap.answers + 1 : 0
    line.gap = { at: seq, answers }
    if (answers < ANSWERS) return core.subscribe()
    parts.alarm("forked", room)
    suspect()
  }

  /** Loaded where a house was restored. */
  const behind = () => import("./step-back.ts")
  const repeated = async (entry: Entry, content: Content) =>
    core.state().meta.behind ? (await behind()).repeatedBy(core, entry, content) : []

  let following = false
  const ofNow = (incarnation: number) => {
    const { meta } = core.state()
    if (isOfNow(meta, incarnation)) return true
    line.live = false
    if (incarnation > lifeOf(meta)) follow(incarnation)
    else parts.alarm("rolled_back", room)
    return false
  }

  /** The house was restored: what it says of that is asked for once; then its log is read on from here. */
  const follow = (incarnation: number) => {
    if (following) return
    following = true
    import("./following.ts")
      .then((loaded) => loaded.follow(core, incarnation))
      .then((done) => {
        following = false
        if (!done) suspect()
      })
      .catch(parts.onFailure)
  }

  const checkHead = async (head: SignedHead | undefined) => {
    const { seq, hash } = core.state().meta
    if (head?.seq !== seq) return
    if (!sameBytes(head.hash, hash)) parts.alarm("forked", room)
    else if (!(await parts.verifyHead(room, head))) parts.alarm("bad_signature", room)
  }

  /** Read → decrypt → one write → tell. */
  const onEntries = async (frame: Frame<"entries">) => {
    if (!ofNow(frame.incarnation)) return
    const state = core.state()
    const first = frame.entries[0]
    if (first && first.seq > state.meta.seq + 1) return line.unstored ? undefined : gap()
    line.unstored = true
    const taken = await take(state, frame.entries, {
      ...{ incarnation: frame.incarnation, crypto, me, stored, mark },
      blocked: parts.blocked,
      keyPackage: (ref) => packageByRef(parts.store, ref),
      repeated,
    })
    if (taken.alarm) parts.alarm(taken.alarm, room)
    if (taken.history.length > 0) {
      for (const { user, content } of taken.contents) await parts.heed(room, user, content)
      const { group, pending } = taken.state
      const sent = taken.rebased && group ? { sent: crypto.room.sentUpTo(group) } : {}
      const meta = { ...taken.state.meta, ...sent }
      const { incarnation } = meta
      const writes = await history.add(room, incarnation, taken.history, taken.anew)
      writes.push(...marks.writes(room, incarnation, taken.marks))
      writes.push(...lateWrites(room, incarnation, taken.late))
      writes.push(...letGoWrites(room, taken.recalled, "recall"))
      writes.push(...expiryWrites(room, incarnation, taken.expiring))
      if (taken.rebased) writes.push(...groupWrites(crypto, meta, group, taken.state.agreed))
      for (const [leaf, delta] of taken.deltas) writes.push({ put: keys.delta(room, leaf), value: delta })
      for (const item of taken.changed) writes.push({ put: keys.outbox(room, item.order), value: item })
      for (const item of taken.queued) writes.push({ put: keys.outbox(room, item.order), value: item })
      for (const used of taken.used) writes.push(...usedPackage(used))
      for (const item of taken.finished) writes.push({ drop: keys.outbox(room, item.order) })
      if (state.pending && !pending) writes.push({ drop: keys.commit(room) })
      const again = meta.behind
        ? await (await import("./stands-again.ts")).standsAgain(core, taken)
        : undefined
      if (again) writes.push(...again.writes)
      await core.save(
        { ...taken.state, meta, ...again?.queued },
        writes,
        taken.rebased ? "strict" : undefined,
        () => {
          history.added(room, incarnation, taken.history, taken.anew)
          marks.wrote(room, incarnation, taken.marks)
          again?.remember()
        },
      )
      if (taken.recalled.length > 0) parts.onLetGo()
      if (taken.expiring.length > 0) parts.onExpiring()
      if (taken.adopted && group) {
        line.failures = 0
        if (state.pending?.missing && taken.state.pending === undefined)
          parts.invite(room, state.pending.missing)
        if (meta.again) parts.redo("add", room, meta.again)
        if (meta.rules) parts.redo("rules", room, [])
        vouch()
      }
    }
    line.unstored = false
    if (taken.broken) return suspect()
    await checkHead(frame.head)
    if (line.live) pump()
  }

  const onLive = async (frame: Frame<"live">) => {
    if (!ofNow(frame.incarnation)) return
    const { meta, outbox, group } = core.state()
    if (frame.seq < meta.seq) {
      parts.alarm("rolled_back", room)
      return suspect()
    }
    // A full disk of this device's own is no fault of the house.
    if (frame.seq > meta.seq) return line.unstored ? undefined : gapAtEnd()
    line.gap = undefined
    await checkHead(frame.head)
    // The whole log has been seen, and these are not in it.
    const again = outbox.filter((item) => line.doubted.has(item.order)).map(unsealed)
    line.doubted = new Set()
    if (again.length > 0) await core.saveItems(again)
    line.live = true
    // Called stale although there is no newer epoch in the log: not at once again.
    if (line.stale && line.stale.epoch === group?.epoch) core.rest(pace.rejoinMs)
    line.stale = undefined
    // Who asks for the past is answered by whoever has all of the log.
    if (meta.past || meta.wanted) parts.onTaken(core.state())
    vouch()
    if (meta.again && group) parts.redo("add", room, meta.again)
    if (meta.rules && group) parts.redo("rules", room, [])
    pump()
  }

  const onEnded = async ({ error }: Frame<"ended">) => {
    line.live = false
    line.ended = true
    // A restored house may know nothing of this device here.
    if (error.kind === "unknown_room")
      import("./following.ts").then(({ forgotten }) => forgotten(core)).catch(parts.onFailure)
    if (errors[error.kind].retry === "later") suspect()
    pump()
  }

  return {
    onEntries: (frame: Frame<"entries">) => core.locked(() => onEntries(frame)),
    onLive: (frame: Frame<"live">) => core.locked(() => onLive(frame)),
    onEnded: (frame: Frame<"ended">) => core.locked(() => onEnded(frame)),
  }
}
