/**
 * Somebody else's commit: the judge first, the library second, and both must arrive at the same context. What the judge
 * refuses, no server should have passed on; what only the library refuses (path secrets, tags) is a commit that we cannot
 * follow, and we rejoin (SECURITY R3).
 */
import { judgeCommit } from "@teahouse/judge/commit.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { emptyPskIndex, processPublicMessage } from "ts-mls"
import { encodeGroupContext } from "ts-mls/groupContext.js"
import type { ProcessError, Processed, Room } from "../port.ts"
import { suite } from "../suite.ts"
import { changeOf } from "./change.ts"
import { mlsOf, roomOf } from "./state.ts"

export async function process(
  room: Room,
  commit: Uint8Array,
  poster?: Id,
): Promise<Result<Processed, ProcessError>> {
  const judged = await judgeCommit(room.judged, commit, poster === undefined ? {} : { device: poster })
  if (!judged.ok) return err({ kind: "refused", reason: judged.error })
  const advance = judged.value
  const message = readMessage(commit, "mls_public_message")
  if (!message) return err({ kind: "refused", reason: "malformed" })
  const replaced = advance.removed.some((l) => l.leaf === room.leaf)
  // Our device came back elsewhere (a restored copy): there is nothing that the library could tell us about it.
  if (replaced && advance.external) return ok({ kind: "removed", change: changeOf(advance) })
  try {
    const result = await processPublicMessage(
      mlsOf(room),
      message.publicMessage,
      emptyPskIndex,
      await suite(),
    )
    if (replaced) return ok({ kind: "removed", change: changeOf(advance) })
    const { groupContext, confirmationTag } = result.newState
    const agreed =
      sameBytes(encodeGroupContext(groupContext), encodeGroupContext(advance.next.groupContext)) &&
      sameBytes(confirmationTag, advance.next.confirmationTag)
    if (!agreed) return err({ kind: "unprocessable" })
    return ok({ kind: "advanced", room: roomOf(advance.next, result.newState), change: changeOf(advance) })
  } catch {
    return err({ kind: "unprocessable" })
  }
}
