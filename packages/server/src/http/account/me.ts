/** Who this session is: for a client that starts again with a stored token. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { accountById, nameOf } from "../../account/find.ts"
import { selfRoomOf } from "../../contact/rooms.ts"
import { endpoint } from "../endpoint.ts"

export const me = endpoint(routes.me, async ({ caller, house }) => {
  const account = await accountById(house.db, caller.user)
  if (!account) return err(refuse("session_expired"))
  return ok({
    user: caller.user,
    username: nameOf(account),
    session: caller.session,
    device: caller.device,
    generation: account.generation,
    selfRoom: await selfRoomOf(house.db, caller.user),
  })
})
