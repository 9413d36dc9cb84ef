/**
 * What is inside a release: the packages whose code was really taken, not all that is installed to build it. As a CycloneDX
 * list for programs, and as the licence texts that have to go with them. No time, no random number, no path of this machine:
 * the same sources give the same bytes. `npm sbom` lists what is installed, build tools included, with the time of day.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../runtime.mjs"
import { locked, nameOf } from "./lock.ts"
import type { Target } from "./targets.ts"

const OURS = "Apache-2.0"

function entry(folder: string) {
  const found = locked(folder)
  if (!found?.license) throw new Error(`package-lock.json does not say under which licence ${folder} is`)
  return { ...found, name: nameOf(folder), license: found.license }
}

const purl = (name: string, version: string) => `pkg:npm/${name.replace("@", "%40")}@${version}`

function component(folder: string, type: "library" | "platform") {
  const { name, version, license, integrity } = entry(folder)
  const [algorithm, digest] = integrity?.split("-", 2) ?? []
  const patch = readdirSync(join(root, "patches")).find(
    (file) => file === `${name.replaceAll("/", "+")}+${version}.patch`,
  )
  return {
    type,
    "bom-ref": purl(name, version),
    name,
    version,
    scope: "required",
    // A licence, or an expression of several; CycloneDX tells them apart.
    licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }],
    purl: purl(name, version),
    ...(algorithm === "sha512" && digest
      ? { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] }
      : {}),
    ...(patch ? { pedigree: { patches: [{ type: "unofficial", diff: { url: `patches/${patch}` } }] } } : {}),
  }
}

/** CycloneDX 1.6 as JSON. `packages`: the folders of those in the program and in the page. Each executable has one of the runtimes. */
export function billOfMaterials(
  version: string,
  packages: readonly string[],
  built: readonly Target[],
): string {
  const own = { type: "application", "bom-ref": `teahouse@${version}`, name: "teahouse", version }
  const components = [
    ...built.map(({ runtime }) => component(`node_modules/${runtime}`, "platform")),
    ...packages.map((folder) => component(folder, "library")),
  ].sort((a, b) => (a.purl < b.purl ? -1 : 1))
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { ...own, licenses: [{ license: { id: OURS } }] } },
    components,
    dependencies: [
      { ref: own["bom-ref"], dependsOn: components.map((one) => one["bom-ref"]) },
      ...components.map((one) => ({ ref: one["bom-ref"] })),
    ],
  }
  return `${JSON.stringify(bom, null, 2)}\n`
}

/** Ours, each package's, and Node's with those of all that Node has inside. */
export function licences(packages: readonly string[], ofNode: string): string {
  const texts: (readonly [title: string, text: string])[] = [
    ["Teahouse", readFileSync(join(root, "LICENSE"), "utf8")],
    ...packages.map((folder) => {
      const { name, version, license } = entry(folder)
      return [`${name} ${version} (${license})`, textOf(folder) ?? said(folder)] as const
    }),
    ["Node.js", readFileSync(ofNode, "utf8")],
  ]
  const line = "=".repeat(100)
  return texts
    .map(([title, text]) => `${line}\n${title}\n${line}\n\n${text.replaceAll("\r\n", "\n").trim()}\n`)
    .join("\n\n")
}

function textOf(folder: string): string | undefined {
  const files = readdirSync(join(root, folder)).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file))
  const texts = files.sort().map((file) => readFileSync(join(root, folder, file), "utf8").trim())
  return texts.length > 0 ? texts.join("\n\n") : undefined
}

/** Two packages come without the text of their licence. */
function said(folder: string): string {
  const { license, author, homepage, repository } = JSON.parse(
    readFileSync(join(root, folder, "package.json"), "utf8"),
  )
  const who = typeof author === "object" ? author?.name : author
  const where = homepage ?? repository?.url ?? repository
  return `The package has no text of its licence. What it says of itself: ${[license, who, where].filter(Boolean).join(", ")}`
}
