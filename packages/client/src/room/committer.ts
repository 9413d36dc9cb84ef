/**
 * Own commits of one room: empty ones that bring fresh keys, and external ones that bring this device back (SECURITY R3,
 * step 1). Posting happens outside of the lock: the entries that decide about a commit must be able to come in.
 */
import type { RoomState as Judged } from "@teahouse/judge/state.ts"
import { errors } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { decodeNotice } from "@teahouse/protocol/notice.ts"
import { backoff } from "../backoff.ts"
import type { Room } from "../crypto/port.ts"
import { type Head, isOlder } from "./behind.ts"
import {
  isOutdated,
  makeChange,
  makeExternal,
  makeRemoval,
  makeUpdate,
  type Place,
  postPending,
  type Wanted,
} from "./commits.ts"
import type { RoomCore } from "./core.ts"
import { acceptable } from "./fresh.ts"
import type { Ladder } from "./ladder.ts"
import { isLost } from "./life.ts"
import { keys, type PendingCommit } from "./records.ts"
import { removalOf, stillDue } from "./removals.ts"

export function createCommitter(core: RoomCore, pump: () => void) {
  const { room, parts, line } = core
  const { crypto, me, call, pace, jitter, clock } = parts
  let posting = false
  let rejoining = false
  let updateDue = false
  let updatePlanned = false
  let removalDue = false
  let removalPlanned = false

  const wait = () => backoff(line.failures++, jitter, { firstMs: pace.rejoinMs, maxMs: pace.rejoinMaxMs })

  /** Bytes and the state they lead to are stored before anybody sees them. */
  const begin = async (made: PendingCommit) => {
    const { meta } = core.state()
    // Something else may have taken the number while the commit was made; no number is used twice.
    const pending = made.n > meta.n ? made : { ...made, n: meta.n + 1 }
    const next = { ...core.state(), pending, meta: { ...meta, n: Math.max(meta.n, pending.n) } }
    await core.save(next, [{ put: keys.commit(room), value: pending }], "strict")
    post(pending)
  }

  /** Loaded by who has lost the room's keys and finds no way back. */
  let ladder: Ladder | undefined

  const answered = async (pending: PendingCommit, answer: Awaited<ReturnType<typeof postPending>>) => {
    posting = false
    const state = core.state()
    if (answer.ok) {
      line.posted = pending.n
      // The log decides; if its entry gets lost on the way, look.
      core.after(pace.answerMs, () => {
        if (core.state().pending?.n === pending.n && line.connected) core.subscribe()
      })
      return
    }
    // Adopted or overtaken in the meantime.
    if (state.pending?.n !== pending.n) return pump()
    const { error } = answer
    if (error.kind === "offline") return void core.after(pace.rejoinMs, pump)
    const { retry } = errors[error.kind]
    if (pending.complaint !== undefined) {
      // Somebody else was first, or it is too early: the room may be found open in another way meanwhile.
      ladder?.wait(error.retryAfterMs ?? 0)
      await core.save({ ...state, pending: undefined }, [{ drop: keys.commit(room) }])
      core.rest(wait())
      return pump()
    }
    if (retry !== "later") {
      // What the house will never take is not offered for ever.
      const { removals: _, ...rest } = state.meta
      const meta = retry === "never" && !pending.external ? rest : state.meta
      line.refused = { n: pending.n, error }
      await core.save({ ...state, meta, pending: undefined }, [{ drop: keys.commit(room) }])
    }
    core.rest(error.retryAfterMs ?? wait())
    pump()
  }

  const post = (pending: PendingCommit) => {
    if (posting || line.posted === pending.n) return
    posting = true
    postPending(call, room, pending)
      .then((answer) => core.locked(() => answered(pending, answer)))
      .catch((error: unknown) => {
        posting = false
        core.after(wait(), pump)
        parts.onFailure(error)
      })
  }

  /** The same room as before, not behind what any device of this account has seen of it, and nobody in it under another key. */
  const goesOn = (seen: Head | undefined) => (judged: Judged, place: Place) => {
    const { meta, group, agreed } = core.state()
    const { kind, users } = judged.policy
    const lives = { incarnation: meta.incarnation, life: meta.life?.incarnation }
    const own = group && { ...group, ...lives }
    const floor = meta.floor && { ...meta.floor, ...lives }
    const head = seen && !isLost(seen, meta.life) ? seen : undefined
    const back = [head, own, floor].some((one) => one && isOlder(place, one))
    const other = kind !== meta.kind || (meta.peer && !users.includes(meta.peer))
    if (back || other) parts.alarm(back ? "rolled_back" : "forked", room)
    // Whose identity was replaced in a group, by a commit that this device has followed, is there under the newer one.
    const followed = kind === "group" ? (agreed?.people ?? group?.judged.leaves) : undefined
    const known = (user: Id) => followed?.find((one) => one.user === user)?.uik ?? parts.knownIdentity(user)
    return !back && !other && acceptable(judged, me, known)
  }

  const rejoin = () => {
    if (rejoining) return
    rejoining = true
    const { meta } = core.state()
    const number = async () => {
      const last = await call("lastNumber", { params: { room } })
      return Math.max(meta.n, last.ok ? last.value.n : 0) + 1
    }
    parts
      .knownHead(room)
      .then((head) => makeExternal(crypto, me, call, room, number, meta, goesOn(head), clock))
      .then((made) =>
        core.locked(async () => {
          rejoining = false
          if (!made.ok && made.error.kind === "unattested") {
            ladder ??= (await import("./ladder.ts")).createLadder(core, begin)
            await ladder.stuck(made.error)
          } else ladder?.over()
          const { pending } = core.state()
          if (made.ok && !pending) return begin(made.value.pending)
          core.after(wait(), pump)
        }),
      )
      .catch((error: unknown) => {
        // A store that could not be read for a moment, say.
        rejoining = false
        core.after(wait(), pump)
        parts.onFailure(error)
      })
  }

  /**
   * Who asked to be removed goes before anything is sent, after a random while, so that not every member commits at once.
   * True while that is to come.
   */
  const remove = async (): Promise<boolean> => {
    const { meta, group } = core.state()
    const due = group ? stillDue(group, meta.removals) : []
    if (!group || due.length === 0) return false
    if (!removalDue) {
      if (!removalPlanned) {
        removalPlanned = true
        core.after(pace.updateAfterMs * jitter(), () => {
          removalDue = true
          pump()
        })
      }
      return true
    }
    removalDue = false
    removalPlanned = false
    const pending = await makeRemoval(crypto, me, group, meta.n + 1, { seq: meta.seq, hash: meta.hash }, due)
    if (pending) await begin(pending)
    else {
      const { removals: _, ...rest } = meta
      await core.save({ ...core.state(), meta: rest }, [])
    }
    return pending !== undefined
  }

  /**
   * The house waits for a removal that this device has not read of: it came in after the notice, or its state was lost then.
   * The judge looks at them as at any other.
   */
  const learn = async () => {
    const { meta, group } = core.state()
    if (!group || stillDue(group, meta.removals).length > 0) return
    const info = await call("groupInfo", { params: { room } })
    if (!info.ok) return
    const removals = info.value.leaving.flatMap((proof) => {
      const notice = decodeNotice({ house: me.house, room }, proof)
      return (notice && removalOf(group, notice.change, proof)) ?? []
    })
    await core.locked(async () => {
      const state = core.state()
      await core.save({ ...state, meta: { ...state.meta, removals } }, [])
    })
    pump()
  }

  /** True where it has begun: nothing else is sent until the house has answered. */
  const update = async (): Promise<boolean> => {
    const { meta, group } = core.state()
    if (!group || !(meta.owesUpdate || isOutdated(group, me))) return false
    if (!updateDue) {
      if (!updatePlanned) {
        updatePlanned = true
        core.after(pace.updateAfterMs * (1 + jitter()), () => {
          updateDue = true
          pump()
        })
      }
      return false
    }
    updateDue = false
    updatePlanned = false
    const pending = await makeUpdate(crypto, me, group, meta.n + 1, { seq: meta.seq, hash: meta.hash })
    if (pending) await begin(pending)
    return pending !== undefined
  }

  /** Its number, or false where the rules or the keys do not allow it. */
  const change = async (group: Room, what: Wanted): Promise<number | false> => {
    const { meta } = core.state()
    const made = await makeChange(crypto, me, group, meta.n + 1, { seq: meta.seq, hash: meta.hash }, what)
    if (!made) return false
    await begin(made)
    return core.state().pending?.n ?? false
  }

  return { post, rejoin, remove, learn, update, change }
}
