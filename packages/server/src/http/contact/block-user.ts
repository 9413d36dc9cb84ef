/** Puts somebody on the caller's black list. Where they were friends, the signed notice `frozen` stops their room. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { accountById } from "../../account/find.ts"
import { contactStates } from "../../contact/writes.ts"
import { placedOf } from "../../room/rooms.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const blockUser = endpoint(routes.blockUser, async ({ request, params, caller, house }) => {
  if (params.user === caller.user) return err(refuse("request_to_self"))
  if (!(await accountById(house.db, params.user))) return err(refuse("unknown_user"))
  const contact = await house.db.read
    .selectFrom("contact")
    .select(["room_id", "state"])
    .where("user_id", "=", idBytes(caller.user))
    .where("peer_id", "=", idBytes(params.user))
    .executeTakeFirst()
  const friends = contact?.state === contactStates.friend
  const by = { user: caller.user, device: caller.device }
  const notice =
    friends && request.frozen
      ? await house.rooms.prepareNotice(idFrom(contact.room_id), request.frozen, by, "frozen")
      : ok(null)
  if (!notice.ok) return notice
  const blocked = await house.db.write("contact.block", {
    user: idBytes(caller.user),
    peer: idBytes(params.user),
    notice: notice.value,
    now: house.now(),
  })
  if (!blocked.ok) return blocked
  const { written, dropped, fresh } = blocked.value
  if (written && notice.value) house.rooms.noticed(notice.value, written)
  for (const room of dropped) house.rooms.dropped(room)
  if (fresh) hintOthers(house.hub, caller, ["contacts", "rooms"])
  // Nothing was between them: then there is nothing to tell either.
  if (written || dropped.length > 0) house.hub.hint(params.user, ["contacts", "rooms"])
  return ok(written ? { placed: placedOf(written) } : {})
})
