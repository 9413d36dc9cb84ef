/** One segment of one's own: the current version, or the one before it while that is kept. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const readHistory = endpoint(routes.readHistory, async ({ request, params, caller, house }) => {
  const { version } = request
  // One statement, so that a write in between cannot take away what was just looked up. What is too old is not given out,
  // whether or not the janitor has been there.
  const body = await house.db.read
    .selectFrom("history_segment as row")
    .innerJoin("history_body as body", (join) =>
      join
        .onRef("body.user_id", "=", "row.user_id")
        .onRef("body.room_id", "=", "row.room_id")
        .onRef("body.incarnation", "=", "row.incarnation")
        .onRef("body.segment", "=", "row.segment"),
    )
    .select(["body.version", "body.generation", "body.sealed"])
    .where("row.user_id", "=", idBytes(caller.user))
    .where("row.room_id", "=", idBytes(params.room))
    .where("row.incarnation", "=", params.incarnation)
    .where("row.segment", "=", params.number)
    .where((is) =>
      is.or([
        is("body.version", "=", is.ref("row.version")),
        is("row.replaced", ">", house.now() - house.limits.historyPreviousMs),
      ]),
    )
    .where((is) => is("body.version", "=", version ?? is.ref("row.version")))
    .executeTakeFirst()
  return body ? ok(body) : err(refuse("unknown_record"))
})
