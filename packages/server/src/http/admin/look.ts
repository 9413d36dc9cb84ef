/** Rooms, totals and the audit log, for administrators. */
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const adminRooms = endpoint(adminRoutes.adminRooms, async ({ request, house }) => {
  const { rooms, more } = await house.administration.rooms(request)
  return ok({ rooms: [...rooms], more })
})

export const adminStats = endpoint(adminRoutes.adminStats, async ({ house }) =>
  ok(await house.administration.stats()),
)

export const adminLive = endpoint(adminRoutes.adminLive, async ({ house }) => ok(await house.live()))

export const adminAudit = endpoint(adminRoutes.adminAudit, async ({ request, house }) => {
  const { acts, more } = await house.administration.audit(request)
  return ok({ acts: [...acts], more })
})
