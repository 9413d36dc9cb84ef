/** What the client needs before it can stretch a password. A name that nobody has gets an answer of the same kind. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { entrant } from "../../account/entrant.ts"
import { stretchingOf } from "../../account/find.ts"
import { endpoint } from "../endpoint.ts"

export const loginParameters = endpoint(routes.loginParameters, async ({ request, house }) => {
  const name = normalizeUsername(request.username)
  if (name === undefined) return err(refuse("invalid_username"))
  const { user, known, account } = await entrant(house.db, house.opaque, name)
  const own = account ? stretchingOf(account) : house.stretching
  return ok({ user, stretching: known ? own : house.stretching })
})
