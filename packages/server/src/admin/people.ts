/** Accounts as an administrator sees them: names, dates, counts. Nothing here is secret or sealed. */
import { fromUtf8, utf8 } from "@teahouse/protocol/bytes.ts"
import { ADMIN_PAGE, type AdminUser } from "@teahouse/protocol/http/admin.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { sql } from "kysely"
import type { Database } from "../db/port.ts"

export type UsersAsked = {
  /** A part of the name, in any spelling. */
  readonly search?: string | undefined
  /** The last name of the page before. */
  readonly after?: string | undefined
  readonly limit?: number
}
export type UsersPage = { readonly users: readonly AdminUser[]; readonly more: boolean }

/** As names are compared: usernames have gone through the same (protocol/username.ts). */
const folded = (text: string): Uint8Array => utf8(text.normalize("NFKC").toLowerCase().trim())

export async function listUsers(
  { read }: Pick<Database, "read">,
  { search = "", after, limit = ADMIN_PAGE }: UsersAsked,
): Promise<UsersPage> {
  const wanted = folded(search)
  const rows = await read
    .selectFrom("account")
    .select(["id", "name", "admin", "disabled", "must_recover", "created", "file_quota"])
    .$if(after !== undefined, (query) => query.where("name", ">", utf8(after as string)))
    .$if(wanted.length > 0, (query) => query.where(sql<number>`INSTR(name, ${wanted})`, ">", 0))
    .orderBy("name")
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const ids = page.map(({ id }) => id)
  const about = await countsOf(read, ids)
  return {
    users: page.map((row) => ({
      user: idFrom(row.id),
      username: fromUtf8(row.name),
      admin: row.admin === 1,
      disabled: row.disabled,
      mustRecover: row.must_recover === 1,
      created: row.created,
      quota: row.file_quota,
      ...about(row.id),
    })),
    more: rows.length > page.length,
  }
}

async function countsOf(read: Database["read"], ids: readonly Uint8Array[]) {
  if (ids.length === 0) return () => ({ devices: 0, seen: 0, files: 0, history: 0 })
  const devices = await read
    .selectFrom("device")
    .select((of) => ["user_id", of.fn.countAll<number>().as("count"), of.fn.max("seen").as("seen")])
    .where("user_id", "in", ids)
    .where("revocation", "is", null)
    .groupBy("user_id")
    .execute()
  const files = await read
    .selectFrom("blob_file")
    .select((of) => ["user_id", of.fn.sum<number>("size").as("bytes")])
    .where("user_id", "in", ids)
    .groupBy("user_id")
    .execute()
  const history = await read
    .selectFrom("history_account")
    .select(["user_id", "used"])
    .where("user_id", "in", ids)
    .execute()
  const byUser = <T extends { readonly user_id: Uint8Array }>(rows: readonly T[]) =>
    new Map(rows.map((row) => [idFrom(row.user_id), row]))
  const [ofDevices, ofFiles, ofHistory] = [byUser(devices), byUser(files), byUser(history)]
  return (id: Uint8Array) => {
    const user = idFrom(id)
    return {
      devices: Number(ofDevices.get(user)?.count ?? 0),
      seen: Number(ofDevices.get(user)?.seen ?? 0),
      files: Number(ofFiles.get(user)?.bytes ?? 0),
      history: Number(ofHistory.get(user)?.used ?? 0),
    }
  }
}
