/** Invitations: random tokens that travel in a link's fragment, which no server ever sees, and are stored as hashes. */
import { chmod, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fromBase64url, toBase64url } from "@teahouse/protocol/bytes.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { mayEnrol } from "../bot/find.ts"
import type { Database } from "../db/port.ts"
import { objectionToInvite } from "./invite-rules.ts"
import type { Registration } from "./registration.ts"
import { tokenHash } from "./session.ts"

/** undefined: yes. The invitation is used up only by the write that makes the account. */
export async function mayRegister(
  house: { readonly db: Database; readonly registration: Registration; readonly now: () => number },
  { invite, bot }: { readonly invite?: Uint8Array | undefined; readonly bot?: Uint8Array | undefined },
): Promise<Refusal | undefined> {
  if (bot) return mayEnrol(house.db, tokenHash(bot), house.now())
  const mode = house.registration.mode()
  if (mode === "open") return undefined
  if (!invite) return refuse("registration_closed")
  const row = await house.db.read
    .selectFrom("invite")
    .selectAll()
    .where("token_hash", "=", tokenHash(invite))
    .executeTakeFirst()
  const why = objectionToInvite(row, house.now())
  if (why) return refuse(why)
  return mode === "closed" && row?.admin !== 1 ? refuse("registration_closed") : undefined
}

/**
 * The first administrator's link, in a file that only the house's own user can read: a log may be collected by others.
 * Returns the file's path, or undefined where there is an account already.
 */
export async function writeFirstInvite(
  db: Database,
  origin: string,
  folder: string,
  tools: { readonly now: () => number; readonly random: (length: number) => Uint8Array },
): Promise<string | undefined> {
  const path = join(folder, "first-invite.txt")
  // Another node, or an earlier start, has written one that still holds: it may be on its way to somebody.
  const before = await written(db, path, tools.now())
  const token = before ?? tools.random(32)
  if (!before) {
    const made = await db.write("invite.first", { hash: tokenHash(token), now: tools.now() })
    if (!made.ok || !made.value.needed) return undefined
  }
  await writeFile(path, `${origin}/#invite=${toBase64url(token)}\n`, { mode: 0o600 })
  // An existing file keeps its old mode when it is written again.
  await chmod(path, 0o600)
  return path
}

/** The token in the file, where it opens a house that nobody has entered, and where nobody else could read it. */
async function written(db: Database, path: string, now: number): Promise<Uint8Array | undefined> {
  const [text, mode] = await Promise.all([readFile(path, "utf8"), stat(path).then((one) => one.mode)]).catch(
    () => ["", 0] as const,
  )
  const token = fromBase64url(/#invite=([\w-]{43})\s*$/.exec(text)?.[1] ?? "")
  if (token?.length !== 32 || (mode & 0o077) !== 0) return undefined
  const row = await db.read
    .selectFrom("invite")
    .selectAll()
    .where("token_hash", "=", tokenHash(token))
    .executeTakeFirst()
  return row?.admin === 1 && objectionToInvite(row, now) === undefined ? token : undefined
}
