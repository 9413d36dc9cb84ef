/** Ends a friendship: the signed notice `frozen` stops the room, which a new request can resume. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { contactStates } from "../../contact/writes.ts"
import { placedOf } from "../../room/rooms.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const removeContact = endpoint(routes.removeContact, async ({ request, params, caller, house }) => {
  const contact = await house.db.read
    .selectFrom("contact")
    .select(["room_id", "state"])
    .where("user_id", "=", idBytes(caller.user))
    .where("peer_id", "=", idBytes(params.user))
    .executeTakeFirst()
  if (contact?.state !== contactStates.friend) return err(refuse("not_friends"))
  const by = { user: caller.user, device: caller.device }
  const notice = await house.rooms.prepareNotice(idFrom(contact.room_id), request, by, "frozen")
  if (!notice.ok) return notice
  const removed = await house.db.write("contact.remove", {
    user: idBytes(caller.user),
    peer: idBytes(params.user),
    notice: notice.value,
  })
  if (!removed.ok) return removed
  house.rooms.noticed(notice.value, removed.value)
  hintOthers(house.hub, caller, ["contacts", "rooms"])
  house.hub.hint(params.user, ["contacts", "rooms"])
  return ok({ placed: placedOf(removed.value) })
})
