/**
 * What a device does that has lost a room's keys and finds nobody to vouch for the group (SECURITY R3): it complains, once for a
 * generation; and where its person may, it answers complaints with the next generation. All of it in a group only: into a
 * private room a device goes after a minute without anybody's word.
 */
import { encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import type { RoomCore } from "./core.ts"
import { makeGeneration, mayAnswer } from "./open-generation.ts"
import type { PendingCommit } from "./records.ts"

export type Unattested = { readonly generation: number; readonly epoch: number }

export type Ladder = ReturnType<typeof createLadder>

/** `begin` stores a commit and posts it. */
export function createLadder(core: RoomCore, begin: (made: PendingCommit) => Promise<void>) {
  const { room, parts } = core
  const { crypto, me, call, pace, clock, jitter } = parts
  /** Whether nobody has vouched for long enough for what the house shows. By timers: a clock that is set makes nobody wait, or hurry. */
  let patience: "whole" | "running" | "over" = "whole"
  let cancelPatience = () => {}
  let complaining = false
  let opening = false
  /** The house wants none yet. */
  let held = false
  let cancelHeld = () => {}

  const complain = async ({ generation, epoch }: Unattested) => {
    const state = core.state()
    const { hash } = state.meta
    const n = state.meta.n + 1
    await core.save({ ...state, meta: { ...state.meta, n } }, [], "strict")
    const bytes = encodeChange({ kind: "complaint", generation, epoch })
    const signature = await crypto.device.sign(me.signature.privateKey, noticeToSign(room, hash, bytes))
    const notice = encodeNotice(bytes, hash, signature)
    complaining = true
    // Where the room has moved on, the next attempt to come in looks again.
    call("postNotice", { params: { room }, request: { n, notice } })
      .catch(parts.onFailure)
      .finally(() => {
        complaining = false
      })
  }

  const open = async () => {
    // Not all who may at once: who comes second reads the first one's.
    await new Promise<void>((done) => core.after(pace.updateAfterMs * jitter(), done))
    const { meta, agreed, pending } = core.state()
    if (!agreed || !meta.complaint || pending) return
    const { seq, at } = meta.complaint
    const allowed = mayAnswer(agreed, me.user) || clock() - at >= pace.patienceMs
    const seen = { seq: meta.seq, hash: meta.hash }
    const made = allowed
      ? await makeGeneration(parts, agreed, { room, seen, n: meta.n + 1, complaint: seq })
      : undefined
    if (!made) return
    const { missing } = made
    await core.locked(async () => {
      const now = core.state()
      if (now.agreed !== agreed || now.pending) return
      await begin({ ...made.pending, ...(missing.length > 0 ? { missing } : {}) })
    })
  }

  return {
    /** Under the room's lock. The room is as lost as before, and by the house's group there is no way in. */
    async stuck(of: Unattested): Promise<void> {
      const { meta, agreed } = core.state()
      if (patience === "whole") {
        patience = "running"
        cancelPatience = core.after(pace.complainAfterMs, () => {
          patience = "over"
        })
      }
      if (meta.kind !== "group" || patience !== "over") return
      if (!meta.complaint) {
        if (!complaining) await complain(of)
      } else if (agreed && !opening && !held) {
        opening = true
        open()
          .catch(parts.onFailure)
          .finally(() => {
            opening = false
          })
      }
    },
    /** Not before this time has passed. */
    wait(ms: number) {
      held = true
      cancelHeld()
      cancelHeld = core.after(ms, () => {
        held = false
      })
    },
    /** There is a way in. */
    over() {
      patience = "whole"
      cancelPatience()
    },
  }
}
