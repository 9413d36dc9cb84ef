/**
 * The import rules of the house, checked from the syntax tree of every source file, type imports included: an import
 * of a type is knowledge too. That the server cannot read a message is a fact of this graph: it reaches no client code.
 *
 * Written here rather than taken from dependency-cruiser or madge: both need the TypeScript 5 compiler's programming
 * interface, which TypeScript 7 does not have, and the rules below are shorter than their configuration.
 */
import { readdirSync, readFileSync } from "node:fs"
import { builtinModules } from "node:module"
import { dirname, join, relative, resolve, sep } from "node:path"
import { parseAst } from "vite"

/** package → what of this repository it may import. */
const layers: Record<string, readonly string[]> = {
  protocol: [],
  judge: ["protocol"],
  server: ["protocol", "judge"],
  client: ["protocol", "judge"],
  web: ["protocol", "client"],
  terminal: ["protocol", "client"],
  teahouse: ["server", "terminal"],
}

/** Runs in a browser, a worker and Node alike: no `node:` module, no global that only Node has. */
const isomorphic = new Set(["protocol", "judge", "client", "web"])
const nodeGlobals = new Set(["Buffer", "process", "__dirname", "__filename", "require", "setImmediate"])

/** Folders of the client that do not know one another: the room logic is what joins them. */
const strangers = ["crypto", "store", "socket", "http"]

/** A port is a type that the core states; naming it is not knowing the neighbour. */
const port = (file: string) => /(^|\/)port\.ts$/.test(file)

export type Import = { readonly from: string; readonly specifier: string; readonly line: number }
export type Problem = string

const isTest = (file: string) =>
  /\.(test|contract|fixture)\.tsx?$/.test(file) || /\/(testing|fixtures)\//.test(file)

type Node = { type: string; start?: number; [key: string]: unknown }
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string"

function visit(
  value: unknown,
  see: (node: Node, parent: Node | undefined, key: string) => void,
  parent?: Node,
  key = "",
) {
  if (Array.isArray(value)) for (const item of value) visit(item, see, parent, key)
  else if (isNode(value)) {
    see(value, parent, key)
    for (const [name, child] of Object.entries(value)) visit(child, see, value, name)
  }
}

export function read(
  file: string,
  text: string,
): { imports: Import[]; globals: { name: string; line: number }[] } {
  const imports: Import[] = []
  const globals: { name: string; line: number }[] = []
  const own = new Set<string>()
  const lineOf = (at = 0) => text.slice(0, at).split("\n").length
  const tree: unknown = parseAst(text, { lang: file.endsWith("x") ? "tsx" : "ts" }, file)
  visit(tree, (node, parent, key) => {
    const source = node.source
    const name = bindingOf(node)
    if (name !== undefined) own.add(name)
    if (isNode(source) && typeof source.value === "string")
      imports.push({ from: file, specifier: source.value, line: lineOf(node.start) })
    else if (node.type === "Identifier" && nodeGlobals.has(String(node.name))) {
      const named = parent?.type === "MemberExpression" && key === "property" && parent.computed !== true
      const keyed = key === "key" && parent?.shorthand !== true
      if (!named && !keyed) globals.push({ name: String(node.name), line: lineOf(node.start) })
    }
  })
  return { imports, globals: globals.filter((found) => !own.has(found.name)) }
}

/** The name that a declaration brings into its file. */
function bindingOf(node: Node): string | undefined {
  const named = /Declarat(ion|or)$/.test(node.type)
    ? node.id
    : /^Import.*Specifier$/.test(node.type)
      ? node.local
      : undefined
  return isNode(named) && named.type === "Identifier" ? String(named.name) : undefined
}

const packageOf = (file: string) => /^packages\/([^/]+)\//.exec(file)?.[1]

/** The repository's file that a specifier names; undefined for libraries. */
export function target(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return join(dirname(from), specifier).split(sep).join("/")
  const own = /^@teahouse\/([^/]+)\/(.+)$/.exec(specifier)
  return own ? `packages/${own[1]}/src/${own[2]}` : undefined
}

const withoutQuery = (specifier: string) => specifier.replace(/\?.*$/, "")

function judgeImport(item: Import, test: boolean): Problem[] {
  const problems: Problem[] = []
  const say = (reason: string) =>
    problems.push(`${item.from}:${item.line} imports ${item.specifier}: ${reason}`)
  const specifier = withoutQuery(item.specifier)
  const self = packageOf(item.from)
  const builtin = specifier.startsWith("node:") || builtinModules.includes(specifier)
  if (specifier.startsWith(".") && !/\.[a-z0-9]+$/i.test(specifier))
    say("a relative import names its file with the extension")
  if (specifier.startsWith("@teahouse/") && !/^@teahouse\/[^/]+\/.+\.[a-z]+$/.test(specifier))
    say("name the file, there are no barrels")
  if (self === undefined) return problems
  const shipped = item.from.startsWith(`packages/${self}/src/`)
  if (builtin && isomorphic.has(self) && shipped && !test)
    say(`${self} also runs in a browser: no Node modules`)
  const to = target(item.from, specifier)
  if (to === undefined) return problems
  const other = packageOf(to)
  if (other === undefined) {
    if (!test) say("a package does not reach outside packages/")
  } else if (other !== self) {
    if (specifier.startsWith(".")) say("another package is imported by its name")
    if (!(layers[self] ?? []).includes(other) && !(test && self !== "server"))
      say(`${self} may not know ${other}`)
  } else if (self === "client" && !test) {
    const place = (file: string) => /^packages\/client\/src\/([^/.]+)/.exec(file)?.[1] ?? ""
    const [a, b] = [place(item.from), place(to)]
    if (a !== b && strangers.includes(a) && strangers.includes(b) && !port(to))
      say(`${a} and ${b} do not know one another`)
  }
  return problems
}

/** Strongly connected parts of the graph with more than one file, each said once as a way round. */
export function cycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const state = new Map<string, "open" | "done">()
  const path: string[] = []
  const descend = (file: string) => {
    state.set(file, "open")
    path.push(file)
    for (const next of edges.get(file) ?? []) {
      if (state.get(next) === "open") found.push([...path.slice(path.indexOf(next)), next])
      else if (!state.has(next) && edges.has(next)) descend(next)
    }
    path.pop()
    state.set(file, "done")
  }
  for (const file of edges.keys()) if (!state.has(file)) descend(file)
  return found
}

/** `files`: path inside the repository → text. */
export function problems(files: ReadonlyMap<string, string>): Problem[] {
  const out: Problem[] = []
  const edges = new Map<string, string[]>()
  for (const [file, text] of files) {
    const test = isTest(file) || packageOf(file) === undefined
    const { imports, globals } = read(file, text)
    for (const item of imports) out.push(...judgeImport(item, test))
    const self = packageOf(file)
    if (self !== undefined && isomorphic.has(self) && !test && file.startsWith(`packages/${self}/src/`))
      for (const g of globals) out.push(`${file}:${g.line} uses ${g.name}: ${self} also runs in a browser`)
    const named = imports.map((item) => target(file, withoutQuery(item.specifier)))
    edges.set(file, [...new Set(named.filter((name) => name !== undefined))])
  }
  for (const way of cycles(edges)) out.push(`import cycle: ${way.join(" → ")}`)
  out.push(...reachesClient(edges))
  return out
}

/** Said once more over the whole graph, whatever the layer table says: from the server no way leads to the client. */
function reachesClient(edges: ReadonlyMap<string, readonly string[]>): Problem[] {
  const out: Problem[] = []
  const seen = new Map<string, string>()
  const queue = [...edges.keys()].filter((file) => packageOf(file) === "server" && !isTest(file))
  for (const file of queue) seen.set(file, file)
  for (let file = queue.shift(); file !== undefined; file = queue.shift())
    for (const next of edges.get(file) ?? []) {
      if (seen.has(next)) continue
      seen.set(next, `${seen.get(file)} → ${next}`)
      if (packageOf(next) === "client" || packageOf(next) === "web")
        out.push(`the server reaches client code: ${seen.get(next)}`)
      else queue.push(next)
    }
  return out
}

const root = resolve(import.meta.dirname, "..")
const skipped = new Set(["node_modules", "dist", "paraglide", "coverage"])

export function sources(
  places: readonly string[] = ["packages", "test", "bench", "scripts", "examples"],
): Map<string, string> {
  const files = new Map<string, string>()
  const walk = (folder: string) => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      if (skipped.has(item.name) || item.name.startsWith(".")) continue
      const path = join(folder, item.name)
      if (item.isDirectory()) walk(path)
      else if (/\.tsx?$/.test(item.name) && !item.name.endsWith(".d.ts"))
        files.set(relative(root, path).split(sep).join("/"), readFileSync(path, "utf8"))
    }
  }
  for (const place of places) walk(join(root, place))
  return files
}

if (process.argv[1] === import.meta.filename) {
  const files = sources()
  const found = problems(files)
  for (const problem of found) console.error(problem)
  console.log(`imports: ${files.size} files, ${found.length} problems`)
  process.exit(found.length === 0 ? 0 : 1)
}
