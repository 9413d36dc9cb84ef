/** The first half of registering: says early what would be refused later. Nothing is stored. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { accountById, accountByName, isDeparted } from "../../account/find.ts"
import { mayRegister } from "../../account/invite.ts"
import { lookOf, looksTaken } from "../../account/looks.ts"
import { endpoint } from "../endpoint.ts"

export const registerStart = endpoint(routes.registerStart, async ({ request, address, house }) => {
  const name = normalizeUsername(request.username)
  if (name === undefined) return err(refuse("invalid_username"))
  const limited = house.rates.register(address)
  if (limited) return err(limited)
  const closed = await mayRegister(house, request)
  if (closed) return err(closed)
  if ((await accountByName(house.db, name)) || (await isDeparted(house.db, name)))
    return err(refuse("username_taken"))
  if (await looksTaken(house.db, name, await lookOf(name))) return err(refuse("username_alike"))
  if (await accountById(house.db, request.user)) return err(refuse("id_taken"))
  const made = house.opaque.register(request.user, request.request)
  return made.ok ? ok({ response: made.value }) : err(refuse(made.error))
})
