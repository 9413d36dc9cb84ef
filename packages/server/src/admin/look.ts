/** Invitations, totals and the audit log, for administrators. */
import { fromUtf8 } from "@teahouse/protocol/bytes.ts"
import {
  ADMIN_PAGE,
  type AdminAct,
  type AdminInvite,
  type AdminStats,
  type AuditRow,
} from "@teahouse/protocol/http/admin.ts"
import type { Database } from "../db/port.ts"
import { roomKinds } from "../room/log.ts"
import { inviteId } from "./invite-id.ts"
import { detailOf } from "./note.ts"

type Read = Pick<Database, "read">

const INVITES = 1000
const LOOKED_AT = 20_000

/** Newest first. */
export async function listInvites({ read }: Read): Promise<(AdminInvite & { readonly hash: Uint8Array })[]> {
  const rows = await read
    .selectFrom("invite")
    .select(["token_hash", "admin", "created", "uses", "used", "expires", "revoked"])
    .orderBy("created", "desc")
    .limit(INVITES)
    .execute()
  return rows.map(({ token_hash: hash, admin, ...row }) => ({
    invite: inviteId(hash),
    admin: admin === 1,
    ...row,
    hash,
  }))
}

export async function readStats({ read }: Read): Promise<AdminStats> {
  const accounts = await read
    .selectFrom("account")
    .select((of) => [
      of.fn.countAll<number>().as("all"),
      of.fn.sum<number>("admin").as("admins"),
      of.fn.sum<number>(of.case().when("disabled", ">", 0).then(1).else(0).end()).as("disabled"),
    ])
    .executeTakeFirst()
  const devices = await read
    .selectFrom("device")
    .select((of) => of.fn.countAll<number>().as("count"))
    .where("revocation", "is", null)
    .executeTakeFirst()
  const sessions = await read
    .selectFrom("session")
    .select((of) => of.fn.countAll<number>().as("count"))
    .executeTakeFirst()
  const rooms = await read
    .selectFrom("room")
    .select((of) => ["kind", of.fn.countAll<number>().as("count"), of.fn.sum<number>("seq").as("entries")])
    .groupBy("kind")
    .execute()
  const files = await read
    .selectFrom("blob_file")
    .select((of) => [of.fn.countAll<number>().as("count"), of.fn.sum<number>("size").as("bytes")])
    .executeTakeFirst()
  const history = await read
    .selectFrom("history_account")
    .select((of) => of.fn.sum<number>("used").as("bytes"))
    .executeTakeFirst()
  const of = (kind: (typeof roomKinds)[number]) =>
    Number(rooms.find((row) => roomKinds[row.kind] === kind)?.count ?? 0)
  return {
    accounts: Number(accounts?.all ?? 0),
    admins: Number(accounts?.admins ?? 0),
    disabled: Number(accounts?.disabled ?? 0),
    devices: Number(devices?.count ?? 0),
    sessions: Number(sessions?.count ?? 0),
    direct: of("direct"),
    groups: of("group"),
    entries: await countEntries(read, rooms),
    files: Number(files?.count ?? 0),
    fileBytes: Number(files?.bytes ?? 0),
    historyBytes: Number(history?.bytes ?? 0),
  }
}

/** A room's row may be some entries behind its log (room/tail.ts); where rooms are very many, looking at each is not worth it. */
async function countEntries(
  read: Database["read"],
  rooms: readonly { readonly count: number; readonly entries: number }[],
): Promise<number> {
  const total = (of: "count" | "entries") => rooms.reduce((sum, row) => sum + Number(row[of]), 0)
  if (total("count") > LOOKED_AT) return total("entries")
  const row = await read
    .selectFrom("room")
    .select((of) =>
      of.fn
        .sum<number>(
          of
            .selectFrom("entry")
            .select((each) => each.fn.max("entry.seq").as("seq"))
            .whereRef("entry.room_id", "=", "room.id"),
        )
        .as("entries"),
    )
    .executeTakeFirst()
  return Number(row?.entries ?? 0)
}

/** Newest first, older than `before`. */
export async function readAudit(
  { read }: Read,
  { before, limit = ADMIN_PAGE }: { readonly before?: number | undefined; readonly limit?: number },
): Promise<{ readonly acts: readonly AuditRow[]; readonly more: boolean }> {
  const rows = await read
    .selectFrom("admin_act")
    .selectAll()
    .$if(before !== undefined, (query) => query.where("seq", "<", before as number))
    .orderBy("seq", "desc")
    .limit(limit + 1)
    .execute()
  const acts = rows.slice(0, limit).map((row) => ({
    seq: row.seq,
    time: row.time,
    by: row.by_name && fromUtf8(row.by_name),
    act: fromUtf8(row.act) as AdminAct,
    on: fromUtf8(row.target),
    ...detailOf(row.detail),
  }))
  return { acts, more: rows.length > acts.length }
}
