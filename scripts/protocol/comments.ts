/**
 * The comments of the schemas' own source, for the documents: what stands above an exported schema or route, and above a
 * field inside of it. Read as text, because a comment is not part of any value.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"

/** `bodies`: of a route, what is said of its request or answer as a whole. */
export type Commented = {
  readonly text: string
  readonly fields: ReadonlyMap<string, string>
  readonly bodies: ReadonlyMap<string, string>
}
export const noComment: Commented = { text: "", fields: new Map(), bodies: new Map() }

const folder = join(import.meta.dirname, "../../packages/protocol/src")

const plain = (comment: string) =>
  comment
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim()

/** `file`: below packages/protocol/src. By the name of what is exported (or const) there. */
export function commentsOf(file: string): Map<string, Commented> {
  const source = readFileSync(join(folder, file), "utf8")
  const found = new Map<string, Commented>()
  // A statement at the beginning of a line, with the comment that touches it, up to the next one.
  for (const part of source.split(/\n(?=\n|export |const )/)) {
    const name = /^(?:export )?const (\w+) =/m.exec(part)?.[1]
    if (name === undefined) continue
    const before = source.slice(0, source.indexOf(part)).trimEnd()
    const above = before.endsWith("*/") ? before.slice(before.lastIndexOf("/**")) : ""
    const own = /^\s*(\/\*\*[\s\S]*?\*\/)\s*(?:export )?const/.exec(part)?.[1] ?? above
    const fields = new Map<string, string>()
    const bodies = new Map<string, string>()
    const isRoute = part.includes(" = route({")
    const commented = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\n( +)(\w+):/g
    for (const [, comment = "", indent = "", field = ""] of part.matchAll(commented))
      (isRoute && indent.length === 2 ? bodies : fields).set(field, plain(comment))
    found.set(name, { text: plain(own), fields, bodies })
  }
  return found
}

/** The comment at the top of a file. */
export function headOf(file: string): string {
  const source = readFileSync(join(folder, file), "utf8")
  return plain(/^\/\*\*[\s\S]*?\*\//.exec(source)?.[0] ?? "")
}
