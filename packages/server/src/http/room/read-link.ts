/** What a stranger with a link sees of the group before joining it. */
import { routes } from "@teahouse/protocol/http.ts"
import { err } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const readLink = endpoint(routes.readLink, async ({ params, caller, house }) => {
  const limited = house.rates.find(caller.user)
  return limited ? err(limited) : house.rooms.joins.read(params.room, params.link, caller)
})
