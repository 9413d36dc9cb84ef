/** Accepts a request: the signed notice `resumed` opens the room, and both are friends, in one transaction. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { placedOf } from "../../room/rooms.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const acceptRequest = endpoint(routes.acceptRequest, async ({ request, params, caller, house }) => {
  const asked = await house.db.read
    .selectFrom("friend_request")
    .select(["room_id", "open_pair"])
    .where("id", "=", idBytes(params.request))
    .where("to_user", "=", idBytes(caller.user))
    .executeTakeFirst()
  if (!asked) return err(refuse("unknown_request"))
  if (!asked.open_pair) return err(refuse("already_answered"))
  const room = idFrom(asked.room_id)
  const by = { user: caller.user, device: caller.device }
  const notice = await house.rooms.prepareNotice(room, request, by, "resumed")
  if (!notice.ok) return notice
  const accepted = await house.db.write("contact.accept", {
    id: idBytes(params.request),
    user: idBytes(caller.user),
    notice: notice.value,
    now: house.now(),
  })
  if (!accepted.ok) return accepted
  const { written, from } = accepted.value
  house.rooms.noticed(notice.value, written)
  // Only now are the room's welcomes shown, to the other devices of both.
  hintOthers(house.hub, caller, ["contacts", "rooms", "welcomes"])
  house.hub.hint(idFrom(from), ["contacts", "rooms", "welcomes"])
  return ok({ room, placed: placedOf(written) })
})
