/** The next generation of account master keys, sealed to the account's own vault key. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const addAccountKey = endpoint(routes.addAccountKey, async ({ request, caller, house }) => {
  const added = await house.db.write("account.addKey", { user: idBytes(caller.user), ...request })
  if (!added.ok) return added
  if (added.value.added) hintOthers(house.hub, caller, ["account_keys"])
  return ok({})
})
