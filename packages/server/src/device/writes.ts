/** Devices and the key packages by which others reach them. */
import { sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { REVOKED_EXPIRES } from "../account/session.ts"
import type { WriteDb } from "../db/schema.ts"
import { appendKeyLog, type KeyLogAppend } from "../key-log/append.ts"
import { type Said, sayRevoked } from "../room/writes/revoked.ts"

type Done<T = null> = Promise<Result<T, Refusal>>
const DAY_MS = 86_400_000
const SEEN_EVERY_MS = 60_000

export type BindDevice = {
  readonly session: Uint8Array
  readonly user: Uint8Array
  readonly device: Uint8Array
  readonly certificate: Uint8Array
  readonly signatureKey: Uint8Array
  /** Whether the session's proof of the password is recent enough for a new device. */
  readonly fresh: boolean
  /** Absent: rows that a test writes, as of an account of before. */
  readonly keyLog?: KeyLogAppend
  readonly maxDevices: number
  readonly maxNewPerDay: number
  readonly now: number
}

export type RevokeDevices = {
  readonly user: Uint8Array
  /** Signed by the account's identity key (protocol/revocation.ts). */
  readonly revocations: readonly { readonly device: Uint8Array; readonly signature: Uint8Array }[]
  /** Sealed to the vault key; its number is the account's new generation. */
  readonly accountKey: { readonly generation: number; readonly sealed: Uint8Array }
  /** Checked, and of that generation. */
  readonly certificates: readonly { readonly device: Uint8Array; readonly certificate: Uint8Array }[]
  readonly keyLog: KeyLogAppend
  readonly now: number
}

export type NewKeyPackage = {
  readonly hash: Uint8Array
  readonly body: Uint8Array
  readonly lastResort: boolean
  readonly expires: number
}

/** As it is handed out. */
export type HandedPackage = {
  readonly device: Uint8Array
  readonly certificate: Uint8Array
  readonly signatureKey: Uint8Array
  readonly keyPackage: Uint8Array
  readonly lastResort: boolean
  /** One-time packages that this device has left. */
  readonly left: number
}

export const deviceWrites = {
  async "device.bind"(db: WriteDb, args: BindDevice): Done<{ added: boolean; logged: boolean }> {
    const { session, user, device, certificate, signatureKey, now } = args
    const known = await db.selectFrom("device").selectAll().where("id", "=", device).executeTakeFirst()
    if (known) {
      // Another account's device, or another key under the same id: a device's key never changes.
      if (!sameBytes(known.user_id, user) || !sameBytes(known.signature_key, signatureKey))
        return err(refuse("id_taken"))
      if (known.revocation) return err(refuse("device_revoked"))
      await db.updateTable("device").set({ certificate }).where("id", "=", device).execute()
    } else {
      if (!args.fresh) return err(refuse("not_fresh"))
      const others = await db
        .selectFrom("device")
        .select(["created", "revocation"])
        .where("user_id", "=", user)
        .execute()
      if (others.filter((other) => !other.revocation).length >= args.maxDevices)
        return err(refuse("too_many_devices"))
      const recent = others.map((other) => other.created).filter((created) => created > now - DAY_MS)
      if (recent.length >= args.maxNewPerDay)
        return err(refuse("rate_limited", { retryAfterMs: Math.min(...recent) + DAY_MS - now }))
      await db
        .insertInto("device")
        .values({ id: device, user_id: user, certificate, signature_key: signatureKey, created: now })
        .execute()
    }
    await db.updateTable("session").set({ device_id: device }).where("id", "=", session).execute()
    const logged = args.keyLog && (await appendKeyLog(db, args.keyLog))
    if (logged && !logged.ok) return logged
    return ok({ added: !known, logged: (args.keyLog?.entries.length ?? 0) > 0 })
  },

  /** Comes or goes; not more than once a minute. */
  async "device.seen"(db: WriteDb, { device, now }: { device: Uint8Array; now: number }): Done {
    await db
      .updateTable("device")
      .set({ seen: now })
      .where("id", "=", device)
      .where("seen", "<", now - SEEN_EVERY_MS)
      .execute()
    return ok(null)
  },

  /** The rows stay: nobody else gets these ids. Whoever is in a room with them hears of it in the same moment. */
  async "device.revoke"(db: WriteDb, args: RevokeDevices): Done<{ ended: Uint8Array[]; said: Said[] }> {
    const { user, revocations, now } = args
    let gone = 0
    for (const { device } of revocations) {
      const known = await db
        .selectFrom("device")
        .select(["user_id", "revocation"])
        .where("id", "=", device)
        .executeTakeFirst()
      if (!known || !sameBytes(known.user_id, user)) return err(refuse("unknown_device"))
      if (known.revocation) gone++
    }
    if (gone === revocations.length && (await hasKey(db, args))) return ok({ ended: [], said: [] })
    if (gone > 0 || !(await nextGeneration(db, args))) return err(refuse("version_conflict"))
    const ended: Uint8Array[] = []
    const said: Said[] = []
    for (const { device, signature } of revocations) {
      const sessions = await db.selectFrom("session").select("id").where("device_id", "=", device).execute()
      ended.push(...sessions.map((row) => row.id))
      await db.updateTable("device").set({ revocation: signature }).where("id", "=", device).execute()
      // They stay, over, so that the device can be told why.
      await db
        .updateTable("session")
        .set({ expires: REVOKED_EXPIRES })
        .where("device_id", "=", device)
        .execute()
      for (const table of ["key_package", "welcome", "first_line", "push_subscription"] as const)
        await db.deleteFrom(table).where("device_id", "=", device).execute()
      said.push(...(await sayRevoked(db, user, device, now)))
    }
    const logged = await appendKeyLog(db, args.keyLog)
    return logged.ok ? ok({ ended, said }) : logged
  },

  /** Packages that are here already, or were and have been handed out, are passed over; so is what goes beyond `max`. */
  async "keyPackage.publish"(
    db: WriteDb,
    args: {
      device: Uint8Array
      packages: readonly NewKeyPackage[]
      /** What lies here goes. */
      replace: boolean
      max: number
      now: number
    },
  ): Done<{ oneTime: number }> {
    const { device, replace, now } = args
    const old = db.deleteFrom("key_package").where("device_id", "=", device)
    await (replace ? old : old.where("expires", "<=", now)).execute()
    let oneTime = await countOneTime(db, device)
    for (const { hash, body, lastResort, expires } of args.packages) {
      const known = await db
        .selectFrom("key_package")
        .select("hash")
        .where("device_id", "=", device)
        .where("hash", "=", hash)
        .executeTakeFirst()
      if (known || (!lastResort && oneTime >= args.max)) continue
      if (lastResort)
        await db
          .deleteFrom("key_package")
          .where("device_id", "=", device)
          .where("last_resort", "=", 1)
          .execute()
      else oneTime++
      const row = { device_id: device, hash, last_resort: lastResort ? 1 : 0, body, expires, created: now }
      await db.insertInto("key_package").values(row).execute()
    }
    return ok({ oneTime })
  },

  /** One for each device: the one-time package that expires first, or the last-resort one. A device without any is left out. */
  async "keyPackage.claim"(
    db: WriteDb,
    args: { user: Uint8Array; except: Uint8Array | null; now: number },
  ): Done<HandedPackage[]> {
    const devices = await devicesOf(db, args.user).selectAll().execute()
    const handed: HandedPackage[] = []
    for (const device of devices) {
      if (args.except && sameBytes(device.id, args.except)) continue
      const found = await db
        .selectFrom("key_package")
        .selectAll()
        .where("device_id", "=", device.id)
        .where("body", "is not", null)
        .where("expires", ">", args.now)
        .orderBy("last_resort")
        .orderBy("expires")
        .limit(1)
        .executeTakeFirst()
      if (!found?.body) continue
      if (!found.last_resort)
        await db
          .updateTable("key_package")
          .set({ body: null })
          .where("device_id", "=", device.id)
          .where("hash", "=", found.hash)
          .execute()
      handed.push({
        device: device.id,
        certificate: device.certificate,
        signatureKey: device.signature_key,
        keyPackage: found.body,
        lastResort: found.last_resort === 1,
        left: await countOneTime(db, device.id),
      })
    }
    return ok(handed)
  },
} as const

/** Those that were not taken away. */
const devicesOf = (db: WriteDb, user: Uint8Array) =>
  db.selectFrom("device").where("user_id", "=", user).where("revocation", "is", null)

/** Whether this very key is there: the answer to the request that brought it was lost. */
async function hasKey(db: WriteDb, { user, accountKey: { generation, sealed } }: RevokeDevices) {
  const row = await db
    .selectFrom("account_key")
    .select("sealed")
    .where("user_id", "=", user)
    .where("generation", "=", generation)
    .executeTakeFirst()
  return row !== undefined && sameBytes(row.sealed, sealed)
}

/**
 * The account's generation, its key and the certificates of the devices that stay rise together, or nothing does: a device that
 * was passed over could never act in a room again (judge/src/identity.ts).
 */
async function nextGeneration(db: WriteDb, args: RevokeDevices): Promise<boolean> {
  const { user, revocations, accountKey, certificates } = args
  const account = await db
    .selectFrom("account")
    .select("generation")
    .where("id", "=", user)
    .executeTakeFirst()
  if (account?.generation !== accountKey.generation - 1) return false
  const devices = await devicesOf(db, user).select("id").execute()
  const going = new Set(revocations.map((one) => toBase64url(one.device)))
  const staying = devices.filter(({ id }) => !going.has(toBase64url(id)))
  const named = new Set(certificates.map((one) => toBase64url(one.device)))
  if (going.size !== revocations.length) return false
  if (named.size !== certificates.length || named.size !== staying.length) return false
  if (!staying.every(({ id }) => named.has(toBase64url(id)))) return false
  const { generation, sealed } = accountKey
  await db.updateTable("account").set({ generation }).where("id", "=", user).execute()
  await db.insertInto("account_key").values({ user_id: user, generation, sealed }).execute()
  for (const { device: id, certificate } of certificates)
    await db.updateTable("device").set({ certificate }).where("id", "=", id).execute()
  return true
}

async function countOneTime(db: WriteDb, device: Uint8Array): Promise<number> {
  const row = await db
    .selectFrom("key_package")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("device_id", "=", device)
    .where("last_resort", "=", 0)
    .where("body", "is not", null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
