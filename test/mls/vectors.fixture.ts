/**
 * The official MLS vectors (mlswg/mls-implementations, `test-vectors/`), for the suites 1 to 3. They are not in the
 * repository (10 MB): they lie where TEAHOUSE_MLS_VECTORS says, or beside it in ../shared/mls/test-vectors.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import {
  type CiphersuiteImpl,
  type CiphersuiteName,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
} from "ts-mls"
import { need } from "../need.ts"

const beside = join(import.meta.dirname, "..", "..", "..", "shared", "mls", "test-vectors")
const folder = process.env.TEAHOUSE_MLS_VECTORS ?? beside

export const haveVectors = need(
  "MLS vectors (TEAHOUSE_MLS_VECTORS)",
  existsSync(join(folder, "tree-math.json")),
)

export function load<T>(name: string): T[] {
  if (!haveVectors) return []
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as T[]
}

const names: Record<number, CiphersuiteName> = {
  1: "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",
  2: "MLS_128_DHKEMP256_AES128GCM_SHA256_P256",
  3: "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519",
}

export type Suited = { readonly cipher_suite: number }

/** With an index, for readable test names. Other suites than 1 to 3 are not ours. */
export const ours = <T extends Suited>(name: string): { suite: number; i: number; vector: T }[] =>
  load<T>(name)
    .filter((v) => v.cipher_suite in names)
    .map((vector, i) => ({ suite: vector.cipher_suite, i, vector }))

const impls = new Map<number, Promise<CiphersuiteImpl>>()

export function suiteOf(n: number): Promise<CiphersuiteImpl> {
  const name = names[n]
  if (!name) throw new Error(`suite ${n} is not ours`)
  const known = impls.get(n) ?? getCiphersuiteImpl(getCiphersuiteFromName(name))
  impls.set(n, known)
  return known
}

export const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"))
export const hex = (b: Uint8Array): string => Buffer.from(b).toString("hex")

/** Decodes exactly all of it. */
export function decoded<T>(
  decode: (b: Uint8Array, offset: number) => [T, number] | undefined,
  from: string,
): T {
  const raw = bytes(from)
  const out = decode(raw, 0)
  if (!out || out[1] !== raw.length) throw new Error("not decoded to the last byte")
  return out[0]
}
