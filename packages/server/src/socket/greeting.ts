/**
 * Is this the device that the session belongs to? The token of the session is not enough to listen: the first frame signs
 * (house, the server's nonce, session) with the device's key, so a stolen token alone hears nothing.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import type { Up } from "@teahouse/protocol/up.ts"
import { speaks } from "@teahouse/protocol/version.ts"
import type { Database } from "../db/port.ts"

export type Greeted = { readonly session: Id; readonly user: Id; readonly device: Id }

export async function greet(
  db: Database,
  house: Id,
  nonce: Uint8Array,
  hello: Extract<Up, { t: "hello" }>,
  now: number,
): Promise<Result<Greeted, Refusal>> {
  if (!speaks(hello)) return err(refuse("unsupported_version"))
  const row = await db.read
    .selectFrom("session")
    // By user, too: in rooms a device speaks for its own user (room/writes/known.ts), so it must be this session's.
    .leftJoin("device", (join) =>
      join.onRef("device.id", "=", "session.device_id").onRef("device.user_id", "=", "session.user_id"),
    )
    .select(["session.user_id", "session.expires", "device.id as device_id", "device.signature_key"])
    .select("device.revocation")
    .where("session.id", "=", idBytes(hello.session))
    .where("session.recovering", "=", 0)
    .executeTakeFirst()
  if (!row || row.expires <= now) return err(refuse(row?.revocation ? "device_revoked" : "session_expired"))
  if (!row.device_id || !row.signature_key) return err(refuse("no_device"))
  const signed = greetingBytes(house, nonce, hello.session)
  if (!(await verifyEd25519(row.signature_key, hello.signature, signed))) return err(refuse("not_signed_in"))
  return ok({ session: hello.session, user: idFrom(row.user_id), device: idFrom(row.device_id) })
}
