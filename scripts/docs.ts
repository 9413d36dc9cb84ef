/** What the documents say is compared with what is there. Each check gives sentences; none means that it holds. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { wireFields } from "./wire-fields.ts"

const root = resolve(import.meta.dirname, "..")
const read = (path: string) =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined
const ticked = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "")

/** The stations of a message, in order: docs/path.md names at least one file for each, and in this order. */
export const stations: readonly (readonly [string, RegExp])[] = [
  ["the composer", /^packages\/web\/.*composer/i],
  ["the command", /^packages\/client\/src\/view\/.*commands/],
  ["the room", /^packages\/client\/src\/room\//],
  ["the outbox", /^packages\/client\/src\/.*outbox/],
  ["sealing", /^packages\/client\/src\/crypto\//],
  ["the client's store", /^packages\/client\/src\/store\//],
  ["the client's socket", /^packages\/client\/src\/socket/],
  ["the server's connection", /^packages\/server\/src\/socket\/connection/],
  ["dispatch", /^packages\/server\/src\/socket\/dispatch/],
  ["send", /^packages\/server\/src\/room\/send/],
  ["the log", /^packages\/server\/src\/room\/log/],
  ["fan-out", /^packages\/server\/src\/room\/fanout/],
  ["the bus", /^packages\/server\/src\/bus\//],
  ["the subscription", /^packages\/server\/src\/room\/subscription/],
  ["the reader's connection", /^packages\/server\/src\/socket\/connection/],
  ["the reader's socket", /^packages\/client\/src\/socket/],
  ["the inbox", /^packages\/client\/src\/.*inbox/],
  ["opening", /^packages\/client\/src\/crypto\//],
  ["the reader's store", /^packages\/client\/src\/store\//],
  ["the timeline's view model", /^packages\/client\/src\/view\/.*timeline/],
  ["the timeline", /^packages\/web\/.*(timeline|message-log)/],
]

export function pathProblems(text: string, exists: (file: string) => boolean): string[] {
  const files = ticked(text).filter((word) => /^packages\/[^ ]+\.(ts|tsx|mjs)$/.test(word))
  const out = files
    .filter((file) => !exists(file))
    .map((file) => `docs/path.md names ${file}, which is not there`)
  let at = 0
  for (const [name, pattern] of stations) {
    const next = files.findIndex((file, i) => i >= at && pattern.test(file))
    if (next < 0)
      return [...out, `docs/path.md: no file for ${name} after ${files[at - 1] ?? "the beginning"}`]
    at = next + 1
  }
  return out
}

export function threatProblems(text: string, fields: ReadonlyMap<string, readonly string[]>): string[] {
  const rows = new Map<string, Set<string>>()
  for (const line of text.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim())
    const name = /^`([^`]+)`$/.exec(cells[1] ?? "")?.[1]
    if (name !== undefined && cells.length === 7) rows.set(name, new Set(ticked(`${cells[2]} ${cells[3]}`)))
  }
  const out: string[] = []
  for (const [name, names] of fields) {
    const row = rows.get(name)
    if (!row) out.push(`docs/threats.md has no row for ${name}`)
    else {
      for (const field of names)
        if (!row.has(field)) out.push(`docs/threats.md, ${name}: says nothing of ${field}`)
      for (const field of row)
        if (!names.includes(field)) out.push(`docs/threats.md, ${name}: ${field} does not travel`)
    }
  }
  for (const name of rows.keys()) if (!fields.has(name)) out.push(`docs/threats.md: ${name} does not exist`)
  return out
}

type Package = {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  scripts?: object
}

export function dependencyProblems(text: string, packages: readonly Package[]): string[] {
  const named = new Set(ticked(text))
  const all = packages.flatMap((p) => Object.entries({ ...p.dependencies, ...p.optionalDependencies }))
  const out = new Set<string>()
  for (const [name, version] of all) {
    if (name.startsWith("@teahouse/")) continue
    if (!named.has(name)) out.add(`docs/dependencies.md says nothing of ${name}`)
    if (!/^\d+\.\d+\.\d+$/.test(version)) out.add(`${name}: ${version} is not one exact version`)
  }
  return [...out]
}

/** `npm start`, `npm test` and `npm run NAME` in the code of a document are scripts of the root package. */
export function commandProblems(file: string, text: string, scripts: readonly string[]): string[] {
  const code = [...ticked(text), ...text.split("\n").filter((line) => line.startsWith("    "))].join("\n")
  const named = [...code.matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)/g)].map((match) => match[1] ?? "")
  const ofNpm = new Set(["ci", "install", "run", "exec", "view", "ls"])
  return named
    .filter((name) => !ofNpm.has(name) && !scripts.includes(name))
    .map((name) => `${file}: there is no npm script ${name}`)
}

/** Relative links lead somewhere. */
export function linkProblems(file: string, text: string, exists: (path: string) => boolean): string[] {
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? "")
  return links
    .filter((link) => !/^[a-z]+:/.test(link) && !exists(join(file, "..", link)))
    .map((link) => `${file}: the link ${link} leads nowhere`)
}

/** Addresses of one machine or one network have no place in what others will read. */
const foreign: readonly RegExp[] = [
  /\/(?:work|root|home\/[a-z]+)\/[a-z]/,
  /\bregistry\.npmjs\b/,
  /\bdeb\.debian\b/,
]
export function foreignProblems(file: string, text: string): string[] {
  const patterns = file.endsWith(".md") ? [...foreign, /\/tmp\//] : foreign
  return patterns
    .filter((p) => p.test(text))
    .map((p) => `${file}: has a place of one machine (${p.exec(text)?.[0]})`)
}

function missingDocument(path: string, check: (text: string) => string[]): string[] {
  const text = read(path)
  return text === undefined ? [`${path} is missing`] : check(text)
}

const skipped = new Set(["node_modules", "dist", "data", "paraglide", "coverage", ".git", ".cache"])

/** Not asked of git: a copy of this tree without its history is checked too. */
function files(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((item) => {
    if (skipped.has(item.name)) return []
    const path = folder === "." ? item.name : `${folder}/${item.name}`
    return item.isDirectory() ? files(path) : [path]
  })
}

export function problems(): string[] {
  const tracked = files(".")
  const texts = tracked.filter(
    (file) =>
      /\.(md|ts|tsx|mjs|js|json|css|html|sql|patch)$|^\.ci\//.test(file) && file !== "scripts/docs.ts",
  )
  const packages = [
    "package.json",
    ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/package.json`),
  ]
  const parsed = packages.map((path) => JSON.parse(read(path) ?? "{}") as Package)
  const scripts = Object.keys(parsed[0]?.scripts ?? {})
  const here = (path: string) => existsSync(join(root, path))
  const documents = tracked.filter((file) => file.endsWith(".md"))
  return [
    ...missingDocument("docs/path.md", (text) => pathProblems(text, here)),
    ...missingDocument("docs/threats.md", (text) => threatProblems(text, wireFields())),
    ...missingDocument("docs/dependencies.md", (text) => dependencyProblems(text, parsed)),
    ...[
      "README.md",
      "README.zh-CN.md",
      "CHANGELOG.md",
      "LICENSE",
      "docs/contract.md",
      "docs/performance.md",
    ].flatMap((path) => missingDocument(path, () => [])),
    ...documents.flatMap((file) => commandProblems(file, read(file) ?? "", scripts)),
    ...documents.flatMap((file) => linkProblems(file, read(file) ?? "", here)),
    ...texts.flatMap((file) => foreignProblems(file, read(file) ?? "")),
  ]
}

if (process.argv[1] === import.meta.filename) {
  const found = problems()
  for (const problem of found) console.error(problem)
  console.log(`docs: ${found.length} problems`)
  process.exit(found.length === 0 ? 0 : 1)
}
