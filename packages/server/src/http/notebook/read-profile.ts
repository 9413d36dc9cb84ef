/** The sealed profile of oneself, a friend, or somebody in a common room. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { mayAddress } from "../../contact/rooms.ts"
import { endpoint } from "../endpoint.ts"

export const readProfile = endpoint(routes.readProfile, async ({ params, caller, house }) => {
  if (!(await mayAddress(house.db, caller.user, params.user))) return err(refuse("not_friends"))
  const profile = await house.db.read
    .selectFrom("profile")
    .select(["version", "sealed", "time"])
    .where("user_id", "=", idBytes(params.user))
    .executeTakeFirst()
  return profile ? ok(profile) : err(refuse("unknown_record"))
})
