/** What the client needs before it can stretch a password. A name that nobody has gets an answer of the same kind. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { accountByName, stretchingOf } from "../../account/find.ts"
import { endpoint } from "../endpoint.ts"

export const loginParameters = endpoint(routes.loginParameters, async ({ request, house }) => {
  const name = normalizeUsername(request.username)
  if (name === undefined) return err(refuse("invalid_username"))
  const stranger = { user: house.opaque.strangerId(name), stretching: house.stretching }
  const account = await accountByName(house.db, name)
  return ok(account ? { user: idFrom(account.id), stretching: stretchingOf(account) } : stranger)
})
