/** Deletes the account for good. Its sockets close, its friends' lists are read again. */
import type { Refusal } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import { friendsOf } from "../../contact/rooms.ts"
import { endpoint } from "../endpoint.ts"
import type { HouseParts } from "../parts.ts"

export const deleteAccount = endpoint(routes.deleteAccount, ({ caller, house }) =>
  removeAccount(house, caller.user),
)

export async function removeAccount(
  house: HouseParts,
  user: Id,
): Promise<Result<Record<string, never>, Refusal>> {
  const friends = await friendsOf(house.db, user)
  const gone = await house.db.write("account.delete", { user: idBytes(user), now: house.now() })
  if (!gone.ok) return gone
  for (const room of gone.value.dropped) house.rooms.dropped(idFrom(room))
  await house.blobs.remove(gone.value.blobs.map(idFrom))
  house.hub.endSessions(gone.value.sessions.map(idFrom))
  for (const friend of friends) house.hub.hint(friend, ["contacts", "rooms"])
  return ok({})
}
