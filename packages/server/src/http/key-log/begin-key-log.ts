/** An account of before key logs begins its own, with the identity key in hand: whoever asks has just proved the password. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { keyLogSigned } from "@teahouse/protocol/key-log.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { accountById } from "../../account/find.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const beginKeyLog = endpoint(routes.beginKeyLog, async ({ request, caller, house }) => {
  const { entries } = request
  const account = await accountById(house.db, caller.user)
  if (!account) return err(refuse("session_expired"))
  if (!(await keyLogSigned(account.uik, entries))) return err(refuse("invalid_key_log"))
  const begun = await house.db.write("keyLog.begin", {
    house: house.house.id,
    user: idBytes(caller.user),
    entries,
  })
  if (!begun.ok) return begun
  hintOthers(house.hub, caller, ["devices"])
  return ok({})
})
