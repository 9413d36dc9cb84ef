/** Deletes what is kept of one room, for good. The room itself need not be there any more. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const dropHistory = endpoint(routes.dropHistory, async ({ params, caller, house }) => {
  const of = { user: idBytes(caller.user), room: idBytes(params.room) }
  for (let any = false; ; ) {
    const dropped = await house.db.write("history.drop", of)
    if (!dropped.ok) return dropped
    const { position, changed, more } = dropped.value
    any ||= changed
    if (more) continue
    if (any) hintOthers(house.hub, caller, ["history"])
    return ok({ cursor: position })
  }
})
