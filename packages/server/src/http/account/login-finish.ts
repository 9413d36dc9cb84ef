/** The password was right: a session, not yet bound to a device, and everything that the password opens. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { accountById, nameOf, vaultOf } from "../../account/find.ts"
import { newSession } from "../../account/session.ts"
import { endpoint } from "../endpoint.ts"

export const loginFinish = endpoint(routes.loginFinish, async ({ request, house }) => {
  const pending = house.logins.take(request.login)
  if (!pending) return err(refuse("login_expired"))
  const { user, known, state } = pending
  const right = house.opaque.finish(user, state, request.finish)
  if (!right || !known) return err(refuse("wrong_credentials"))
  const account = await accountById(house.db, user)
  if (!account) return err(refuse("wrong_credentials"))
  const accountKeys = await house.db.read
    .selectFrom("account_key")
    .select(["generation", "sealed"])
    .where("user_id", "=", idBytes(user))
    .orderBy("generation", "desc")
    .limit(1000)
    .execute()
  const { session, row } = newSession(user, null, house)
  const opened = await house.db.write("session.open", row)
  if (!opened.ok) return opened
  return ok({
    session,
    user,
    username: nameOf(account),
    generation: account.generation,
    vault: vaultOf(account),
    accountKeys: accountKeys.reverse(),
  })
})
