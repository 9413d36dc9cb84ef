/** Takes somebody off the caller's black list. They are strangers then: a request makes them friends again. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const unblockUser = endpoint(routes.unblockUser, async ({ params, caller, house }) => {
  const done = await house.db.write("contact.unblock", {
    user: idBytes(caller.user),
    peer: idBytes(params.user),
  })
  if (!done.ok) return done
  hintOthers(house.hub, caller, ["contacts"])
  return ok({})
})
