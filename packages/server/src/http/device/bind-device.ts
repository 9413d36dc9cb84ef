/**
 * A session becomes a device's. The signature shows that whoever holds the token holds the device's key as well; a device
 * that is new to the account needs a recent proof of the password besides (SECURITY R2).
 */
import { refuse } from "@teahouse/protocol/error.ts"
import { bindBytes } from "@teahouse/protocol/greeting.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { keyLogSigned } from "@teahouse/protocol/key-log.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { accountById, nameOf } from "../../account/find.ts"
import { checkCertificate } from "../../device/certificate.ts"
import { endpoint } from "../endpoint.ts"
import { hintOthers } from "../hint.ts"

export const bindDevice = endpoint(routes.bindDevice, async ({ request, caller, house }) => {
  const { device, certificate, signatureKey, signature, keyLog = [] } = request
  // A session speaks for one device for as long as it lives.
  if (caller.device !== null && caller.device !== device) return err(refuse("id_taken"))
  const account = await accountById(house.db, caller.user)
  if (!account) return err(refuse("session_expired"))
  const read = await checkCertificate(certificate, signatureKey, {
    house: house.house.id,
    user: caller.user,
    username: nameOf(account),
    uik: account.uik,
  })
  const signed = await verifyEd25519(
    signatureKey,
    signature,
    bindBytes(house.house.id, caller.session, device),
  )
  const sameKind = (read?.kind === "bot") === (account.kind === 1)
  if (!read || !sameKind || read.device !== device || read.generation !== account.generation || !signed)
    return err(refuse("invalid_certificate"))
  if (!(await keyLogSigned(account.uik, keyLog))) return err(refuse("invalid_key_log"))
  const session = await house.db.read
    .selectFrom("session")
    .select("fresh_until")
    .where("id", "=", idBytes(caller.session))
    .executeTakeFirst()
  const now = house.now()
  const bound = await house.db.write("device.bind", {
    session: idBytes(caller.session),
    user: idBytes(caller.user),
    device: idBytes(device),
    certificate,
    signatureKey,
    keyLog: { house: house.house.id, user: idBytes(caller.user), entries: keyLog },
    fresh: session !== undefined && session.fresh_until > now,
    maxDevices: house.limits.userDevices,
    maxNewPerDay: house.limits.newDevicesPerDay,
    now,
  })
  if (!bound.ok) return bound
  if (bound.value.added || bound.value.logged) hintOthers(house.hub, { ...caller, device }, ["devices"])
  return ok({})
})
