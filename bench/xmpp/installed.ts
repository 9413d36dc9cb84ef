/** Whether a peer is there, by the files of its Debian packages; which packages are not, by their names. */
import { existsSync, readdirSync } from "node:fs"

export type XmppName = "ejabberd-sqlite" | "prosody-sqlite"
export const xmppNames: readonly XmppName[] = ["ejabberd-sqlite", "prosody-sqlite"]

/** The names in a folder; none where there is no such folder. */
export type List = (folder: string) => readonly string[]
const onDisk: List = (folder) => (existsSync(folder) ? readdirSync(folder) : [])

export const SCHEMA_FOLDER = "/usr/share/ejabberd/sql"
export const SCHEMA = "lite.sql"

/** Debian's folder for this machine's architecture (`/usr/lib/x86_64-linux-gnu`). */
export const libraries = (list: List = onDisk): string =>
  `/usr/lib/${list("/usr/lib").find((name) => name.endsWith("-linux-gnu")) ?? "missing-linux-gnu"}`

/** Empty where the peer can be measured; otherwise what `apt-get install --no-install-recommends` should be given. */
export function missingPackages(name: XmppName, list: List = onDisk): readonly string[] {
  const some = (folder: string, start: string) => list(folder).some((one) => one.startsWith(start))
  const there =
    name === "ejabberd-sqlite"
      ? {
          ejabberd: some(libraries(list), "ejabberd-") && some(SCHEMA_FOLDER, SCHEMA),
          "erlang-p1-sqlite3": some("/usr/lib/erlang/lib", "p1_sqlite3-"),
        }
      : {
          prosody: some("/usr/bin", "prosody") && some("/usr/bin", "lua5.4"),
          "lua-dbi-sqlite3": some(`${libraries(list)}/lua/5.4/dbd`, "sqlite3.so"),
        }
  return Object.entries(there).flatMap(([one, isThere]) => (isThere ? [] : [one]))
}
