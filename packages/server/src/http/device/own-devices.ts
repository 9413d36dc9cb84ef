/** The account's devices as their owner sees them. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const ownDevices = endpoint(routes.ownDevices, async ({ caller, house }) => {
  const rows = await house.db.read
    .selectFrom("device")
    .select(["id", "created", "seen"])
    .where("user_id", "=", idBytes(caller.user))
    .where("revocation", "is", null)
    .orderBy("created")
    .orderBy("id")
    .execute()
  const devices = rows.map((row) => {
    const device = idFrom(row.id)
    return { device, added: row.created, seen: house.hub.has(device) ? null : row.seen }
  })
  return ok({ devices })
})
