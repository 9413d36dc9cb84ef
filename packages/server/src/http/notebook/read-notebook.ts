/** Records changed since a position, in the order of their last change. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

const PAGE = 500
const ENOUGH_BYTES = 2 * 1024 * 1024

export const readNotebook = endpoint(routes.readNotebook, async ({ request, caller, house }) => {
  // Before the rows: what is written in between is in the next answer, and no cursor passes it.
  const account = await house.db.read
    .selectFrom("account")
    .select("notebook_cursor")
    .where("id", "=", idBytes(caller.user))
    .executeTakeFirst()
  const rows = await house.db.read
    .selectFrom("notebook")
    .select(["id", "version", "generation", "sealed", "position"])
    .where("user_id", "=", idBytes(caller.user))
    .where("position", ">", request.since)
    .orderBy("position")
    .limit(PAGE + 1)
    .execute()
  const records = []
  let cursor = Math.min(request.since, account?.notebook_cursor ?? 0)
  let bytes = 0
  for (const { position, ...record } of rows.slice(0, PAGE)) {
    records.push(record)
    cursor = position
    bytes += record.sealed.length
    if (bytes >= ENOUGH_BYTES) break
  }
  return ok({ records, cursor, more: records.length < rows.length })
})
