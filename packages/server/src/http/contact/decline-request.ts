/** Declines a request, or withdraws one's own. A room that was made for it goes with it. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const declineRequest = endpoint(routes.declineRequest, async ({ params, caller, house }) => {
  const done = await house.db.write("contact.decline", {
    id: idBytes(params.request),
    user: idBytes(caller.user),
  })
  if (!done.ok) return done
  if (done.value.dropped) house.rooms.dropped(idFrom(done.value.room))
  hintOthers(house.hub, caller, ["contacts", "rooms"])
  house.hub.hint(idFrom(done.value.peer), ["contacts", "rooms"])
  return ok({})
})
