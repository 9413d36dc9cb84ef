/**
 * What an account appends to its key log, in the transaction of the change that it tells of. Compare-and-set: an entry names the
 * hash of the one before it, so of two that were made upon the same head one is refused, and there is never a fork.
 *
 * Afterwards the log and the account say the same: the identity, the generation, and which devices there are with which keys. What
 * would make them differ is refused together with its change, also where a client brings no entry for an account that has a
 * log: friends would see a device that stands nowhere.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { emptyKeyLog, extendKeyLog, type KeyLog, liveDevices } from "@teahouse/protocol/key-log.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { WriteDb } from "../db/schema.ts"
import { sha256Node } from "../room/chain-hasher.ts"

export type KeyLogAppend = {
  readonly house: Id
  readonly user: Uint8Array
  /** Signed, as the endpoint has seen; none where the client brought none. */
  readonly entries: readonly Uint8Array[]
}

/** Last in its transaction: it looks at what the change has left. */
export async function appendKeyLog(
  db: WriteDb,
  { house, user, entries }: KeyLogAppend,
): Promise<Result<null, Refusal>> {
  const stored = await db
    .selectFrom("key_log")
    .select("entry")
    .where("user_id", "=", user)
    .orderBy("position")
    .execute()
  if (stored.length + entries.length === 0) return ok(null)
  const before = extendKeyLog(
    emptyKeyLog(house, idFrom(user)),
    stored.map((row) => row.entry),
    sha256Node,
  )
  if (!before.ok) throw new Error(`a stored key log does not hold: ${before.error}`)
  const after = extendKeyLog(before.value, entries, sha256Node)
  if (!after.ok && after.error === "not_next") return err(refuse("version_conflict"))
  if (!after.ok) return err(refuse("invalid_key_log", { detail: { reason: after.error } }))
  if (!(await tells(db, user, after.value))) {
    // A client of before key logs, or one that has not read that there is one.
    if (entries.length === 0) return err(refuse("unsupported_version"))
    return err(refuse("invalid_key_log", { detail: { reason: "not_the_account" } }))
  }
  for (const [i, entry] of entries.entries())
    await db
      .insertInto("key_log")
      .values({ user_id: user, position: stored.length + i + 1, entry })
      .execute()
  return ok(null)
}

export const keyLogWrites = { "keyLog.begin": appendKeyLog } as const

/** Whether this is what the house knows of the account. */
async function tells(db: WriteDb, user: Uint8Array, log: KeyLog): Promise<boolean> {
  const account = await db
    .selectFrom("account")
    .select(["uik", "generation"])
    .where("id", "=", user)
    .executeTakeFirst()
  if (!account || !log.uik || !sameBytes(account.uik, log.uik)) return false
  if (account.generation !== log.generation) return false
  const devices = await db
    .selectFrom("device")
    .select(["id", "signature_key"])
    .where("user_id", "=", user)
    .where("revocation", "is", null)
    .execute()
  if (devices.length !== liveDevices(log).length) return false
  return devices.every(({ id, signature_key }) => {
    const said = log.devices.get(idFrom(id))
    return said !== undefined && !said.revoked && sameBytes(said.signatureKey, signature_key)
  })
}
