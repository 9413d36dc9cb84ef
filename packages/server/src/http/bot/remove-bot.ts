/** Deletes a bot of the caller's. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err } from "@teahouse/protocol/result.ts"
import { ownerOf } from "../../bot/find.ts"
import { removeAccount } from "../account/delete-account.ts"
import { endpoint } from "../endpoint.ts"

export const removeBot = endpoint(routes.removeBot, async ({ params, caller, house }) =>
  (await ownerOf(house.db, params.user)) === caller.user
    ? removeAccount(house, params.user)
    : err(refuse("unknown_user")),
)
