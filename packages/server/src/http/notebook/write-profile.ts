/** Replaces one's own profile; friends hear that there is a new one. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { friendsOf } from "../../contact/rooms.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const writeProfile = endpoint(routes.writeProfile, async ({ request, caller, house }) => {
  const written = await house.db.write("profile.write", {
    user: idBytes(caller.user),
    ...request,
    now: house.now(),
  })
  if (!written.ok) return written
  if (written.value.changed) {
    hintOthers(house.hub, caller, ["profile"])
    for (const friend of await friendsOf(house.db, caller.user)) house.hub.hint(friend, ["profile"])
  }
  return ok({})
})
