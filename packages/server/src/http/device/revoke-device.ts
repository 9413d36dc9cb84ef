/** A device is the account's no more: the account's identity key says so, and whoever asks has just proved the password. */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { revocationBytes } from "@teahouse/protocol/revocation.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { accountById } from "../../account/find.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const revokeDevice = endpoint(routes.revokeDevice, async ({ request, params, caller, house }) => {
  const { device } = params
  const { signature } = request
  const account = await accountById(house.db, caller.user)
  if (!account) return err(refuse("session_expired"))
  const said = revocationBytes(house.house.id, caller.user, device)
  if (!(await verifyEd25519(account.uik, signature, said))) return err(refuse("invalid_certificate"))
  const revoked = await house.db.write("device.revoke", {
    ...{ user: idBytes(caller.user), device: idBytes(device), signature },
  })
  if (!revoked.ok) return revoked
  house.hub.endSessions(revoked.value.ended.map(idFrom), "device_revoked")
  hintOthers(house.hub, caller, ["devices"])
  return ok({})
})
