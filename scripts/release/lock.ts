/** package-lock.json, as far as a release reads it: what lies in a folder below node_modules, and the hash of its bytes. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../runtime.mjs"

export type Locked = {
  readonly version: string
  readonly license?: string
  /** `sha512-` and base64. */
  readonly integrity?: string
  /** Only for tests and building. */
  readonly dev?: boolean
  /** For tests, and optional for somebody else: not there where nobody develops. */
  readonly devOptional?: boolean
}

const { packages, version: own } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>
  readonly version: string
}

export const version = own
export const locked = (folder: string): Locked | undefined => packages[folder]
/** `packages/server/node_modules/ws` → `ws` */
export const nameOf = (folder: string): string => folder.replace(/^.*node_modules\//, "")
