/** Which segments have changed since a position, without their bytes, in the order of their last change. */
import { HISTORY_PAGE } from "@teahouse/protocol/http/history.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const listHistory = endpoint(routes.listHistory, async ({ request, caller, house }) => {
  const user = idBytes(caller.user)
  // Before the rows, as with the notebook.
  const account = await house.db.read
    .selectFrom("history_account")
    .select(["used", "position"])
    .where("user_id", "=", user)
    .executeTakeFirst()
  const rows = await house.db.read
    .selectFrom("history_segment")
    .select(["room_id", "incarnation", "segment", "version", "generation", "bytes", "position"])
    .where("user_id", "=", user)
    .where("position", ">", request.since)
    .orderBy("position")
    .limit(HISTORY_PAGE + 1)
    .execute()
  const page = rows.slice(0, HISTORY_PAGE)
  return ok({
    segments: page.map(({ room_id, segment, position: _, ...row }) => ({
      ...row,
      room: idFrom(room_id),
      number: segment,
    })),
    cursor: page.at(-1)?.position ?? Math.min(request.since, account?.position ?? 0),
    more: page.length < rows.length,
    used: account?.used ?? 0,
    quota: house.limits.historyBytesPerUser,
  })
})
