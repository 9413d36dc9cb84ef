/** Deletes the account for good. Its sockets close, its friends' lists are read again. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { friendsOf } from "../../contact/rooms.ts"
import { endpoint } from "../endpoint.ts"

export const deleteAccount = endpoint(routes.deleteAccount, async ({ caller, house }) => {
  const friends = await friendsOf(house.db, caller.user)
  const gone = await house.db.write("account.delete", { user: idBytes(caller.user), now: house.now() })
  if (!gone.ok) return gone
  for (const room of gone.value.dropped) house.rooms.dropped(idFrom(room))
  await house.blobs.remove(gone.value.blobs.map(idFrom))
  house.hub.endSessions(gone.value.sessions.map(idFrom))
  for (const friend of friends) house.hub.hint(friend, ["contacts", "rooms"])
  return ok({})
})
