/**
 * Who signs in by a name, in the same steps whether anybody has it, so that no time tells: one statement for the name, and one
 * that brings a whole row, their own or the first account's, of which nothing is used. Measured by `npm run bench -- sign-in-timing`.
 * Rejected: one statement that finds a row or none. Bringing a row and taking it apart is what it would show.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { ID_BYTES, type Id, idFrom } from "@teahouse/protocol/ids.ts"
import type { Selectable } from "kysely"
import type { Database } from "../db/port.ts"
import type { Opaque } from "./opaque.ts"
import type { AccountTables } from "./tables.ts"

type Account = Selectable<AccountTables["account"]>

export type Entrant = {
  /** Of the account, or the name's stand-in. */
  readonly user: Id
  /** Whether `account` is the name's own. */
  readonly known: boolean
  /** undefined in a house without any account. */
  readonly account: Account | undefined
}

const FIRST = new Uint8Array(ID_BYTES)

export async function entrant(
  db: Pick<Database, "read">,
  opaque: Pick<Opaque, "strangerId">,
  name: string,
): Promise<Entrant> {
  const stranger = opaque.strangerId(name)
  // A row in any case, with nothing in it where nobody has the name.
  const { id } = await db.read
    .selectNoFrom((of) => of.selectFrom("account").select("id").where("name", "=", utf8(name)).as("id"))
    .executeTakeFirstOrThrow()
  const account = await db.read
    .selectFrom("account")
    .selectAll()
    .where("id", ">=", id ?? FIRST)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst()
  const own = idFrom(id ?? FIRST)
  // The account may have gone between the two.
  const known = id !== null && account !== undefined && idFrom(account.id) === own
  return { user: known ? own : stranger, known, account }
}
