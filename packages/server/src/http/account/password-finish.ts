/** The second half: the new password holds and every other session is over, or nothing has changed. */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { endpoint } from "../endpoint.ts"

export const passwordFinish = endpoint(routes.passwordFinish, async ({ request, caller, house }) => {
  const { record, stretching, version, rootByPassword, rootByRecovery, recoveryKey, keep } = request
  if (!house.opaque.isRecord(caller.user, record)) return err(refuse("malformed"))
  const renewed = await house.db.write("account.renew", {
    session: idBytes(caller.session),
    keep: keep === undefined ? null : idBytes(keep),
    user: idBytes(caller.user),
    set: {
      record: utf8(record),
      stretch_memory: stretching.memory,
      stretch_iterations: stretching.iterations,
      stretch_parallelism: stretching.parallelism,
      vault_version: version,
      root_by_password: rootByPassword,
      root_by_recovery: rootByRecovery,
      recovery_key: recoveryKey,
    },
  })
  if (!renewed.ok) return renewed
  house.hub.endSessions(renewed.value.ended.map(idFrom))
  return ok({})
})
