/** The password was right: a session, not yet bound to a device, and everything that the password opens. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"
import { enter } from "./entered.ts"

export const loginFinish = endpoint(routes.loginFinish, async ({ request, house }) => {
  const pending = await house.logins.take(request.login)
  if (!pending) return err(refuse("login_expired"))
  const { user, known, state, version } = pending
  const right = house.opaque.finish(user, state, request.finish)
  if (!right || !known) return err(refuse("wrong_credentials"))
  return enter(house, { user, version, recovering: false, wrong: "wrong_credentials" })
})
