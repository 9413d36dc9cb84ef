/** Every route of administration with what answers it. */
import type { AdminRouteName, AdminRoutes } from "@teahouse/protocol/http/admin.ts"
import type { Endpoint } from "../endpoint.ts"
import { adminCreateInvite, adminInvites, adminRevokeInvite } from "./invites.ts"
import { adminAudit, adminLive, adminRooms, adminStats } from "./look.ts"
import { adminDisable, adminEnable, adminQuota, adminReset, adminUsers, amAdmin } from "./people.ts"

export const adminEndpoints: { readonly [Name in AdminRouteName]: Endpoint<AdminRoutes[Name]> } = {
  amAdmin,
  adminUsers,
  adminDisable,
  adminEnable,
  adminReset,
  adminQuota,
  adminInvites,
  adminCreateInvite,
  adminRevokeInvite,
  adminRooms,
  adminStats,
  adminLive,
  adminAudit,
}
