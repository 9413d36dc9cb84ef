/**
 * The recovery code's key has signed: a session that may set a new password, and the vault that the code opens too. The code stays
 * valid until that is done, so that whoever loses the connection here can begin again.
 */
import { refuse } from "@teahouse/protocol/error.ts"
import { recoveryBytes } from "@teahouse/protocol/greeting.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { endpoint } from "../endpoint.ts"
import { enter } from "./entered.ts"

export const recoveryFinish = endpoint(routes.recoveryFinish, async ({ request, house }) => {
  const pending = await house.recoveries.take(request.challenge)
  if (!pending) return err(refuse("login_expired"))
  const { user, known, version, nonce, key } = pending
  const signed = recoveryBytes(house.house.id, user, request.challenge, nonce)
  const right = await verifyEd25519(key, request.signature, signed)
  if (!right || !known) return err(refuse("wrong_recovery_code"))
  return enter(house, { user, version, recovering: true, wrong: "wrong_recovery_code" })
})
