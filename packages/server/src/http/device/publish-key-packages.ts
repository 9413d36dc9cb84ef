/**
 * A device leaves the packages by which it can be added to rooms. Each is judged here as an adder will judge it, so that
 * nobody's commit fails because of somebody else's bad package.
 */
import { createHash } from "node:crypto"
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import type { NewKeyPackage } from "../../device/writes.ts"
import { endpoint } from "../endpoint.ts"

export const publishKeyPackages = endpoint(routes.publishKeyPackages, async ({ request, caller, house }) => {
  const now = house.now()
  const device = await house.db.read
    .selectFrom("device")
    .select("signature_key")
    .where("id", "=", idBytes(caller.device))
    .executeTakeFirst()
  if (!device) return err(refuse("unknown_device"))
  const expect = {
    house: house.house.id,
    user: caller.user,
    device: caller.device,
    signatureKey: device.signature_key,
    now,
  }
  const here = await house.db.read
    .selectFrom("key_package")
    .select(["hash", "body", "last_resort", "expires"])
    .where("device_id", "=", idBytes(caller.device))
    .execute()
  const replace = request.replace === true
  const known = new Set(here.map((row) => Buffer.from(row.hash).toString("hex")))
  const waiting = replace
    ? 0
    : here.filter((row) => row.body && row.last_resort === 0 && row.expires > now).length
  const packages: NewKeyPackage[] = []
  const given = request.oneTime.map((body) => ({ body, lastResort: false }))
  if (request.lastResort) given.push({ body: request.lastResort, lastResort: true })
  for (const { body, lastResort } of given) {
    const hash = createHash("sha256").update(body).digest()
    // What would not be kept is not judged either.
    const full = waiting + packages.length >= house.limits.oneTimeKeyPackages
    if (known.has(hash.toString("hex")) || (full && !lastResort)) continue
    const judged = await house.judge.keyPackage(body, expect)
    if (!judged.ok) return err(refuse("invalid_key_package", { detail: { reason: judged.error } }))
    packages.push({ body, hash, lastResort, expires: judged.value.notAfter })
  }
  const published = await house.db.write("keyPackage.publish", {
    device: idBytes(caller.device),
    packages,
    replace,
    max: house.limits.oneTimeKeyPackages,
    now,
  })
  return published.ok ? ok(published.value) : published
})
