/** Invitations, for administrators. */
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const adminInvites = endpoint(adminRoutes.adminInvites, async ({ house }) => {
  const invites = await house.administration.invites()
  return ok({ invites: invites.map(({ hash: _, ...shown }) => shown) })
})

export const adminCreateInvite = endpoint(adminRoutes.adminCreateInvite, async ({ request, caller, house }) =>
  house.administration.invite(caller.user, request.uses, request.life),
)

export const adminRevokeInvite = endpoint(
  adminRoutes.adminRevokeInvite,
  async ({ params, caller, house }) => {
    const revoked = await house.administration.revokeInvite(caller.user, params.invite)
    return revoked.ok ? ok({}) : revoked
  },
)
