/** One attempt with a recovery code begins here, counted like guesses at the password. The same steps for anybody's name. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { entrant } from "../../account/entrant.ts"
import { endpoint } from "../endpoint.ts"

export const recoveryStart = endpoint(routes.recoveryStart, async ({ request, address, house }) => {
  const name = normalizeUsername(request.username)
  if (name === undefined) return err(refuse("invalid_username"))
  const limited = house.rates.signIn(address, name)
  if (limited) return err(limited)
  const { user, known, account } = await entrant(house.db, house.opaque, name)
  const challenge = newId(house.random)
  const nonce = house.random(32)
  const put = await house.recoveries.put(challenge, {
    user,
    known,
    version: account?.vault_version ?? 0,
    nonce,
    // A stranger's signature is held against somebody's key as well; `known` is what counts.
    key: account?.recovery_key ?? house.house.publicKey,
  })
  if (!put.ok) return put
  return ok({ challenge, user, nonce })
})
