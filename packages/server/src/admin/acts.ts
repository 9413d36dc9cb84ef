/**
 * Administration, for the command line and the HTTP routes alike. What must be seen by who is connected is said to `ended`;
 * other nodes, and a house that runs beside the command line, look at their sessions themselves (socket/hub.ts).
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { accountByName } from "../account/find.ts"
import { tokenHash } from "../account/session.ts"
import type { Database } from "../db/port.ts"
import { inviteId } from "./invite-id.ts"
import { listInvites, readAudit, readStats } from "./look.ts"
import { listUsers } from "./people.ts"
import { createRoomSizes, listRooms } from "./rooms.ts"

export type AdminParts = {
  readonly db: Database
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
  /** These sessions are over. */
  readonly ended?: (sessions: readonly Id[]) => void
  /** Lets whatever else waits have its turn. */
  readonly pause?: () => Promise<unknown>
}

/** null: the command line of the house's own machine. */
export type By = Id | null
export type MadeInvite = { readonly invite: Id; readonly code: Uint8Array; readonly expires: number }
export type Administration = ReturnType<typeof createAdministration>
type Done<T = null> = Promise<Result<T, Refusal>>

const nextTurn = () => new Promise((done) => setImmediate(done))

export function createAdministration({ db, now, random, ended = () => {}, pause = nextTurn }: AdminParts) {
  const sizeOf = createRoomSizes(db.read, pause)
  const on = (by: By, user: Id) => ({ by: by && idBytes(by), user: idBytes(user), now: now() })

  async function ending(act: "admin.disable" | "admin.reset", by: By, user: Id): Done {
    const done = await db.write(act, on(by, user))
    if (!done.ok) return done
    if (done.value.ended.length > 0) ended(done.value.ended.map(idFrom))
    return ok(null)
  }

  return {
    /** By the name in its normal form. */
    async find(name: string): Done<Id> {
      const account = await accountByName(db, name)
      return account ? ok(idFrom(account.id)) : err(refuse("unknown_user"))
    },
    users: (asked: Parameters<typeof listUsers>[1]) => listUsers(db, asked),
    invites: () => listInvites(db),
    rooms: (asked: Parameters<typeof listRooms>[2]) => listRooms(db, sizeOf, asked),
    stats: () => readStats(db),
    audit: (asked: Parameters<typeof readAudit>[1]) => readAudit(db, asked),

    disable: (by: By, user: Id) => ending("admin.disable", by, user),
    enable: (by: By, user: Id): Done => db.write("admin.enable", on(by, user)),
    reset: (by: By, user: Id) => ending("admin.reset", by, user),
    quota: (by: By, user: Id, bytes: number | null): Done =>
      db.write("admin.quota", { ...on(by, user), bytes }),
    /** For the command line: nobody is made an administrator from afar. */
    appoint: (user: Id, admin: boolean): Done =>
      db.write("admin.appoint", { user: idBytes(user), now: now(), admin }),

    /** `life`: milliseconds. The code is said here and nowhere else. */
    async invite(by: By, uses: number, life: number): Done<MadeInvite> {
      const code = random(32)
      const hash = tokenHash(code)
      const expires = now() + life
      const made = await db.write("admin.invite", { by: by && idBytes(by), hash, uses, expires, now: now() })
      return made.ok ? ok({ invite: inviteId(hash), code, expires }) : made
    },
    async revokeInvite(by: By, invite: Id): Done {
      const found = (await listInvites(db)).find((one) => one.invite === invite)
      if (!found) return err(refuse("unknown_record"))
      return db.write("admin.revokeInvite", { by: by && idBytes(by), hash: found.hash, now: now() })
    },
  }
}
