/**
 * What a username looks like: the skeleton of UTS #39 section 4, NFD(map(NFD(name))), with the Unicode Consortium's own table of
 * confusables as `unhomoglyph` carries it (Unicode 13; names are Han, Latin and digits only, where little has come since). It is put into
 * lower case at the end, because the table takes 0 for O and I for l, and names are shown in lower case: so 0 is o and 1 is l.
 *
 * Two names with one skeleton are not one account; the second is refused (docs/decisions/40-names-that-look-alike.md). Nothing is refused
 * for what it is made of: Han and Latin mix, and a name is compared with those that are there.
 *
 * The table is read with the first registration: a house that takes nobody in does not hold it.
 */
import { createHash } from "node:crypto"
import { fromUtf8, utf8 } from "@teahouse/protocol/bytes.ts"
import type { Database } from "../db/port.ts"

export async function skeletonOf(name: string): Promise<string> {
  const { default: mapped } = await import("unhomoglyph")
  return mapped(name.normalize("NFD")).normalize("NFD").toLowerCase()
}

/** 32 bytes: a column of one width, whatever a table makes of a name. */
export const lookOf = async (name: string): Promise<Uint8Array> =>
  createHash("sha256")
    .update(await skeletonOf(name))
    .digest()

/** Whether another name with this look is there, or was. */
export async function looksTaken(
  db: Pick<Database, "read">,
  name: string,
  look: Uint8Array,
): Promise<boolean> {
  const row = await db.read
    .selectFrom("name_look")
    .select("name")
    .where("look", "=", look)
    .where("name", "!=", utf8(name))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

const PART = 500

/** Names that are older than the table of looks get theirs: once, when a house is opened for the first time since. */
export async function fillLooks(db: Database): Promise<void> {
  for (;;) {
    const names: Uint8Array[] = []
    for (const table of ["account", "departed"] as const) {
      const rows = await db.read
        .selectFrom(table)
        .select("name")
        .where("name", "not in", (of) => of.selectFrom("name_look").select("name"))
        .limit(PART)
        .execute()
      names.push(...rows.map((row) => row.name))
    }
    if (names.length === 0) return
    const rows = []
    for (const name of names) rows.push({ name, look: await lookOf(fromUtf8(name)) })
    const noted = await db.write("account.looks", { rows })
    if (!noted.ok) throw new Error(`the looks of names could not be written: ${noted.error.kind}`)
  }
}
