/** Who calls: the bearer token's session, and whether it is enough for the route. */
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import type { Access } from "@teahouse/protocol/http/route.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { tokenHash } from "../account/session.ts"
import type { Database } from "../db/port.ts"
import type { SessionCaller } from "./endpoint.ts"

export async function authorize(
  db: Database,
  access: Access,
  authorization: string | undefined,
  now: number,
): Promise<Result<SessionCaller | null, Refusal>> {
  if (access === "none") return ok(null)
  const token = bearer(authorization)
  if (!token) return err(refuse("not_signed_in"))
  const row = await db.read
    .selectFrom("session")
    .select(["id", "user_id", "device_id", "expires", "fresh_until", "recovering"])
    .where("token_hash", "=", tokenHash(token))
    .executeTakeFirst()
  // An unknown token is one that was signed out or ended: the client's next step is the same.
  if (!row) return err(refuse("session_expired"))
  if (row.expires <= now) return err(refuse(await whyOver(db, row.device_id)))
  if ((access === "device" || access === "admin") && !row.device_id) return err(refuse("no_device"))
  const proved = access === "fresh" || access === "renew"
  if (proved && row.fresh_until <= now) return err(refuse("not_fresh"))
  // Whoever came by the recovery code sets a new password first: until then it binds its device, and nothing else.
  if (row.recovering && access !== "session" && access !== "renew") return err(refuse("not_fresh"))
  if (access === "admin" && !(await isAdmin(db, row.user_id))) return err(refuse("not_admin"))
  return ok({
    session: idFrom(row.id),
    user: idFrom(row.user_id),
    device: row.device_id ? idFrom(row.device_id) : null,
  })
}

/** Read anew for each request, so that whoever is none any more is none at once. */
export async function isAdmin(db: Database, user: Uint8Array): Promise<boolean> {
  const row = await db.read.selectFrom("account").select("admin").where("id", "=", user).executeTakeFirst()
  return row?.admin === 1
}

/** A session of a revoked device is kept for this alone. */
async function whyOver(
  db: Database,
  device: Uint8Array | null,
): Promise<"device_revoked" | "session_expired"> {
  const row =
    device &&
    (await db.read.selectFrom("device").select("revocation").where("id", "=", device).executeTakeFirst())
  return row?.revocation ? "device_revoked" : "session_expired"
}

function bearer(header: string | undefined): Uint8Array | undefined {
  const text = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(header ?? "")?.[1]
  return text === undefined ? undefined : fromBase64url(text)
}
