/** Accounts, for administrators: looking, disabling, resetting, quotas. What each means stands in admin/writes.ts. */
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { ok } from "@teahouse/protocol/result.ts"
import { isAdmin } from "../access.ts"
import { endpoint } from "../endpoint.ts"

const empty = <T extends { readonly ok: boolean }>(done: T) =>
  done.ok ? ok({}) : (done as T & { ok: false })

export const amAdmin = endpoint(adminRoutes.amAdmin, async ({ caller, house }) =>
  ok({ admin: await isAdmin(house.db, idBytes(caller.user)) }),
)

export const adminUsers = endpoint(adminRoutes.adminUsers, async ({ request, house }) => {
  const page = await house.administration.users(request)
  return ok({ ...page, users: [...page.users], quota: house.limits.userFileBytes })
})

export const adminDisable = endpoint(adminRoutes.adminDisable, async ({ params, caller, house }) =>
  empty(await house.administration.disable(caller.user, params.user)),
)

export const adminEnable = endpoint(adminRoutes.adminEnable, async ({ params, caller, house }) =>
  empty(await house.administration.enable(caller.user, params.user)),
)

export const adminReset = endpoint(adminRoutes.adminReset, async ({ params, caller, house }) =>
  empty(await house.administration.reset(caller.user, params.user)),
)

export const adminQuota = endpoint(adminRoutes.adminQuota, async ({ request, params, caller, house }) =>
  empty(await house.administration.quota(caller.user, params.user, request.bytes)),
)
