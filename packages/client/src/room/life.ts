/**
 * A house that was restored from a backup goes on with its log in a new incarnation, and says of each room, signed, up to where it
 * kept what was (SECURITY R5). What this device has of a room stays under the incarnation in which the room began: positions
 * go on, so only the newest life is noted beside it.
 *
 * Rejected: moving everything that is stored of a room (blocks, marks, what waits for them, search, what was hidden) under the new
 * number, which would do for a few kept positions what nobody can see.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { RoomIncarnation } from "@teahouse/protocol/incarnation.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Problem } from "../problem.ts"
import type { RoomParts } from "./parts.ts"
import type { Life, RoomMeta } from "./records.ts"

type Parts = Pick<RoomParts, "call" | "verifyLife">
type Known = Pick<RoomMeta, "incarnation" | "life">

/** Houses are founded in the first. */
const FIRST = 1

/** The incarnation in which the room's log goes on. */
export const lifeOf = ({ incarnation, life }: Known): number => life?.incarnation ?? incarnation

/** Whether entries of this incarnation may come now. Older ones only where the house still tells what it has kept. */
export const isOfNow = (meta: Known & Pick<RoomMeta, "seq">, incarnation: number): boolean =>
  incarnation === lifeOf(meta) ||
  (meta.life !== undefined &&
    meta.seq < meta.life.kept &&
    incarnation < meta.life.incarnation &&
    incarnation >= meta.incarnation)

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

/**
 * The life that follows for who has read up to `seq`. `ahead`: the house has lost what this device has. `forked`: it keeps something
 * else at that place. `forged`: nothing that the house has signed leads there.
 */
export async function followingLife(
  parts: Parts,
  meta: Known & Pick<RoomMeta, "room" | "seq" | "hash">,
  wanted: number,
): Promise<Result<Life, Problem | "ahead" | "forked" | "forged">> {
  const all = await statements(parts, meta.room)
  if (!all.ok) return all
  const next = all.value.filter(({ incarnation }) => incarnation > lifeOf(meta))
  const [first, last] = [next[0], next.at(-1)]
  if (!first || !last || last.incarnation < wanted) return err("forged")
  // Also where a backup of a life before this one was restored once more.
  if (first.previous !== lifeOf(meta) || meta.seq > first.seq) return err("ahead")
  if (meta.seq === first.seq && !sameBytes(meta.hash, first.hash)) return err("forked")
  return ok({ incarnation: last.incarnation, kept: last.seq })
}

/** How a device that comes in notes a room whose group stands in this incarnation. */
export async function livesFor(
  parts: Parts,
  room: Id,
  incarnation: number,
): Promise<Result<Known, Problem | "forged">> {
  if (incarnation <= FIRST) return ok({ incarnation })
  const all = await statements(parts, room)
  if (!all.ok) return all
  const [first] = all.value
  const now = all.value.findLast((said) => said.incarnation <= incarnation)
  if (!first) return ok({ incarnation })
  if (!now) return ok({ incarnation: first.previous })
  return ok({ incarnation: first.previous, life: { incarnation: now.incarnation, kept: now.seq } })
}
