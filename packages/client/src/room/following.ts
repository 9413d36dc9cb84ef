/** What the house says, signed, of a room's lives (life.ts); loaded where it was restored. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { RoomIncarnation } from "@teahouse/protocol/incarnation.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Seen } from "../content/core.ts"
import { SEGMENT } from "../history/history.ts"
import type { Problem } from "../problem.ts"
import type { RoomCore } from "./core.ts"
import { type Known, lifeOf } from "./life.ts"
import type { RoomParts } from "./parts.ts"
import type { Life, RoomMeta } from "./records.ts"
import { stepBack } from "./step-back.ts"

type Parts = Pick<RoomParts, "call" | "verifyLife">

/** All that the house says of this room's lives, the newest last; each continues the one before. */
async function statements(
  { call, verifyLife }: Parts,
  room: Id,
): Promise<Result<readonly RoomIncarnation[], Problem | "forged">> {
  const answer = await call("roomIncarnations", { params: { room } })
  if (!answer.ok) return answer
  const { incarnations } = answer.value
  let before: RoomIncarnation | undefined
  for (const said of incarnations) {
    const goesOn = !before || (said.previous === before.incarnation && said.seq >= before.seq)
    if (!goesOn || said.incarnation <= said.previous || !(await verifyLife(room, said))) return err("forged")
    before = said
  }
  return ok(incarnations)
}

function lifeFrom(all: readonly RoomIncarnation[], { incarnation, seq: kept }: RoomIncarnation): Life {
  const earlier = all
    .filter((one) => one.incarnation < incarnation)
    .map((one) => ({ incarnation: one.incarnation, kept: one.seq }))
  return { incarnation, kept, ...(earlier.length > 0 ? { earlier } : {}) }
}

export type Following = {
  readonly life: Life
  /** The last position of the life before that the house has kept: whatever is here of what came after it is lost there. */
  readonly after: number
  /** The same where this device had read further, and has to go back to (step-back.ts). */
  readonly back?: Seen
}

/**
 * The life that follows for who has read up to `seq`. `forked`: the house keeps something else at the last place that both are to
 * have. `forged`: nothing that the house has signed leads there. `hashAt`: of this device's own chain, as far as it reaches.
 */
export async function followingLife(
  parts: Parts,
  meta: Known & Pick<RoomMeta, "room" | "seq" | "hash">,
  wanted: number,
  hashAt: (seq: number) => Promise<Uint8Array | undefined>,
): Promise<Result<Following, Problem | "forked" | "forged">> {
  const all = await statements(parts, meta.room)
  if (!all.ok) return all
  const next = all.value.filter(({ incarnation }) => incarnation > lifeOf(meta))
  const [first, last] = [next[0], next.at(-1)]
  if (!first || !last || last.incarnation < wanted) return err("forged")
  const life = lifeFrom(all.value, last)
  // Where a backup of a life before this one was restored once more, nothing of this one is left.
  const known = first.previous === lifeOf(meta)
  const kept = known ? first.seq : Math.min(first.seq, meta.life?.kept ?? first.seq)
  if (meta.seq < kept) return ok({ life, after: kept })
  const own = meta.seq === kept ? meta.hash : await hashAt(kept)
  if (own && kept === first.seq && !sameBytes(own, first.hash)) return err("forked")
  if (meta.seq === kept) return ok({ life, after: kept })
  const hash = own ?? (kept === first.seq ? first.hash : undefined)
  return hash ? ok({ life, after: kept, back: { seq: kept, hash } }) : err("forged")
}

/** How a device that comes in notes a room whose group stands in this incarnation. */
export async function livesOf(
  parts: Parts,
  room: Id,
  incarnation: number,
): Promise<Result<Known, Problem | "forged">> {
  const all = await statements(parts, room)
  if (!all.ok) return all
  const [first] = all.value
  const now = all.value.findLast((said) => said.incarnation <= incarnation)
  if (!first) return ok({ incarnation })
  if (!now) return ok({ incarnation: first.previous })
  return ok({ incarnation: first.previous, life: lifeFrom(all.value, now) })
}

/** From the life that is known here to the one that the house goes on in. False: it is asked again in a while. */
export async function follow(core: RoomCore, incarnation: number): Promise<boolean> {
  const { room, parts } = core
  const { meta } = core.state()
  const hashAt = async (seq: number) => {
    if (seq === meta.joined.seq) return meta.joined.hash
    const block = await parts.history.block(room, meta.incarnation, Math.floor(seq / SEGMENT))
    return block.find((entry) => entry.seq === seq)?.hash
  }
  const life = await followingLife(parts, meta, incarnation, hashAt)
  if (!life.ok) {
    if (life.error === "forked") parts.alarm("forked", room)
    else if (life.error === "forged") parts.alarm("bad_signature", room)
    else return false
    return true
  }
  await core.locked(async () => {
    // Meanwhile more of the old life was read: it is asked again.
    if (core.state().meta.seq === meta.seq) await stepBack(core, life.value)
    core.subscribe()
  })
  return true
}

/** The house says that there is no such room for this device. Where it was restored, all that is here is lost to it. */
export async function forgotten(core: RoomCore): Promise<void> {
  const { parts, line } = core
  const { standing } = core.state().meta
  if (standing === "removed" || standing === "pending") return
  const incarnation = await parts.lifeNow()
  await core.locked(async () => {
    if (!line.ended || incarnation <= lifeOf(core.state().meta)) return
    await stepBack(core, { life: { incarnation, kept: 0 }, after: 0, absent: true })
  })
}
