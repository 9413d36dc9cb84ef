/**
 * Finds a person by exact name and gives what a request to them needs: last-resort packages only, so that strangers cannot
 * use up somebody's one-time ones.
 */
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { accountByName } from "../../account/find.ts"
import { contactStates } from "../../contact/writes.ts"
import { endpoint } from "../endpoint.ts"

export const findUser = endpoint(routes.findUser, async ({ request, caller, house }) => {
  const limited = house.rates.find(caller.user)
  if (limited) return err(limited)
  const name = normalizeUsername(request.username)
  const account = name === undefined ? undefined : await accountByName(house.db, name)
  if (!account || name === undefined) return err(refuse("unknown_user"))
  const user = idFrom(account.id)
  if (user === caller.user) return err(refuse("request_to_self"))
  const contact = await house.db.read
    .selectFrom("contact")
    .select(["state", "room_id"])
    .where("user_id", "=", idBytes(caller.user))
    .where("peer_id", "=", account.id)
    .executeTakeFirst()
  if (contact?.state === contactStates.friend) return err(refuse("already_friends"))
  const rows = await house.db.read
    .selectFrom("key_package")
    .innerJoin("device", "device.id", "key_package.device_id")
    .select(["device.id", "device.certificate", "device.signature_key", "key_package.body"])
    .where("device.user_id", "=", account.id)
    .where("key_package.last_resort", "=", 1)
    .where("key_package.expires", ">", house.now())
    .execute()
  const packages = rows.flatMap(({ id, certificate, signature_key, body }) =>
    body
      ? [{ device: idFrom(id), certificate, signatureKey: signature_key, keyPackage: body, lastResort: true }]
      : [],
  )
  const room = contact ? idFrom(contact.room_id) : null
  if (packages.length === 0 && room === null) return err(refuse("no_key_package"))
  return ok({ user, username: name, room, packages })
})
