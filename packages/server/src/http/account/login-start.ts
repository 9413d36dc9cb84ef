/** One guess at a password begins here, so this is where guesses are counted: by account and by address. */
import { fromUtf8 } from "@teahouse/protocol/bytes.ts"
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { entrant } from "../../account/entrant.ts"
import { endpoint } from "../endpoint.ts"

export const loginStart = endpoint(routes.loginStart, async ({ request, address, house }) => {
  const name = normalizeUsername(request.username)
  if (name === undefined) return err(refuse("invalid_username"))
  const limited = house.rates.signIn(address, name)
  if (limited) return err(limited)
  // The same steps for a name that nobody has, so that neither answer nor time tells.
  const { user, known, account } = await entrant(house.db, house.opaque, name)
  const record = account ? fromUtf8(account.record) : null
  const started = house.opaque.start(user, known ? record : null, request.request)
  if (!started.ok) return err(refuse(started.error))
  const login = newId(house.random)
  const put = await house.logins.put(login, {
    user,
    known,
    version: account?.vault_version ?? 0,
    state: started.value.state,
  })
  if (!put.ok) return put
  return ok({ login, response: started.value.response })
})
