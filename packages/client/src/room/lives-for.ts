/** In which lives of the house a room has been, for a device that comes in. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import type { Problem } from "../problem.ts"
import type { Known } from "./life.ts"
import type { RoomParts } from "./parts.ts"

/** Houses are founded in the first. */
const FIRST = 1

/** How it notes a room whose group stands in this incarnation. */
export async function livesFor(
  parts: Pick<RoomParts, "call" | "verifyLife">,
  room: Id,
  incarnation: number,
): Promise<Result<Known, Problem | "forged">> {
  if (incarnation <= FIRST) return ok({ incarnation })
  return (await import("./following.ts")).livesOf(parts, room, incarnation)
}
