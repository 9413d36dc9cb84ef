/** The devices of oneself, a friend, or somebody in a common room. Who is none of these and who does not exist is answered alike. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { mayReach } from "../../contact/rooms.ts"
import { endpoint } from "../endpoint.ts"

export const listDevices = endpoint(routes.listDevices, async ({ params, caller, house }) => {
  if (!(await mayReach(house.db, caller.user, params.user))) return err(refuse("not_friends"))
  const rows = await house.db.read
    .selectFrom("device")
    .select(["id", "certificate", "signature_key"])
    .where("user_id", "=", idBytes(params.user))
    .where("revocation", "is", null)
    .orderBy("created")
    .orderBy("id")
    .execute()
  return ok({
    devices: rows.map((row) => ({
      device: idFrom(row.id),
      certificate: row.certificate,
      signatureKey: row.signature_key,
    })),
  })
})
