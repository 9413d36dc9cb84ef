/** Whether it is time to publish more. */
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const countKeyPackages = endpoint(routes.countKeyPackages, async ({ caller, house }) => {
  const rows = await house.db.read
    .selectFrom("key_package")
    .select(["last_resort", "created"])
    .where("device_id", "=", idBytes(caller.device))
    .where("body", "is not", null)
    .where("expires", ">", house.now())
    .execute()
  return ok({
    oneTime: rows.filter((row) => row.last_resort === 0).length,
    lastResortSince: rows.find((row) => row.last_resort === 1)?.created ?? null,
  })
})
