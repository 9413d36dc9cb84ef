/** Ends this session, and its sockets with it. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const logout = endpoint(routes.logout, async ({ caller, house }) => {
  const ended = await house.db.write("session.end", { session: idBytes(caller.session) })
  if (!ended.ok) return ended
  house.hub.endSessions([caller.session])
  return ok({})
})
