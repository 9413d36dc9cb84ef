/**
 * Devices are the account's no more: the account's identity key says so, and whoever asks has just proved the password. With it
 * the account's next generation begins, for the devices that stay.
 */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { keyLogSigned } from "@teahouse/protocol/key-log.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { revocationBytes } from "@teahouse/protocol/revocation.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { accountById, nameOf } from "../../account/find.ts"
import { checkCertificate } from "../../device/certificate.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const revokeDevices = endpoint(routes.revokeDevices, async ({ request, caller, house }) => {
  const { revocations, accountKey, certificates, keyLog = [] } = request
  const account = await accountById(house.db, caller.user)
  if (!account) return err(refuse("session_expired"))
  for (const { device, signature } of revocations) {
    const said = revocationBytes(house.house.id, caller.user, device)
    if (!(await verifyEd25519(account.uik, signature, said))) return err(refuse("invalid_certificate"))
  }

  const rows = await house.db.read
    .selectFrom("device")
    .select(["id", "signature_key"])
    .where("user_id", "=", idBytes(caller.user))
    .execute()
  const keys = new Map<Id, Uint8Array>(rows.map((row) => [idFrom(row.id), row.signature_key]))
  const about = { house: house.house.id, user: caller.user, username: nameOf(account), uik: account.uik }
  for (const { device: stays, certificate } of certificates) {
    const key = keys.get(stays)
    const read = key && (await checkCertificate(certificate, key, about))
    if (read?.device !== stays || read.generation !== accountKey.generation)
      return err(refuse("invalid_certificate"))
  }

  if (!(await keyLogSigned(account.uik, keyLog))) return err(refuse("invalid_key_log"))

  const revoked = await house.db.write("device.revoke", {
    keyLog: { house: house.house.id, user: idBytes(caller.user), entries: keyLog },
    ...{ user: idBytes(caller.user), accountKey, now: house.now() },
    revocations: revocations.map((one) => ({ ...one, device: idBytes(one.device) })),
    certificates: certificates.map((one) => ({ ...one, device: idBytes(one.device) })),
  })
  if (!revoked.ok) return revoked
  for (const { args, written } of revoked.value.said) house.rooms.noticed(args, written)
  house.hub.endSessions(revoked.value.ended.map(idFrom), "device_revoked")
  hintOthers(house.hub, caller, ["devices", "account_keys"])
  return ok({})
})
