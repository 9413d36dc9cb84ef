/**
 * What makes this house this house: its id, its signing key, which life of its log this is, and the OPAQUE secret. All
 * of it stands in one file of the data directory, readable by its owner only, and belongs in every backup: without the
 * OPAQUE secret nobody can sign in, and with another key every client sounds the alarm (SECURITY R5).
 *
 * A file and not a table: it must not be in copies of the database that are made to look at rooms.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  sign,
} from "node:crypto"
import { mkdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { base64, key32, text } from "@teahouse/protocol/fields.ts"
import { type Id, idBytes, idText, newId } from "@teahouse/protocol/ids.ts"
import {
  type IncarnationStatement,
  incarnationStatement,
  incarnationToSign,
} from "@teahouse/protocol/incarnation.ts"
import * as z from "zod/mini"
import { writeOnce } from "./write-once.ts"

/** Without the OPAQUE secret, which a backup keeps apart. */
export const houseKeys = z.strictObject({
  version: z.literal(1),
  house: idText,
  publicKey: key32,
  /** PKCS#8, DER. */
  privateKey: base64(32, 128),
  statement: incarnationStatement,
})
export const opaqueSetup = text(1, 4096)
const schema = z.strictObject({ ...houseKeys.shape, opaqueSetup })
export type HouseFile = z.infer<typeof schema>

export type House = {
  readonly id: Id
  /** Ed25519, 32 bytes; pinned by clients. */
  readonly publicKey: Uint8Array
  /** Which life of the log this is, signed. */
  readonly incarnation: IncarnationStatement
  /** The OPAQUE server's secret: never logged, never sent. */
  readonly opaqueSetup: string
  /** Ed25519 with the house key; 64 bytes. */
  readonly sign: (bytes: Uint8Array) => Uint8Array
  /** 32 bytes that only this house can know, another 32 for each purpose (HKDF, RFC 5869). */
  readonly derive: (purpose: string) => Uint8Array
}

export type HouseMaker = {
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
  readonly opaqueSetup: () => string | Promise<string>
}

export const HOUSE_FILE = "house.json"

/** Reads the house of a data directory, or founds one there. Throws where the file is not readable as a house. */
export async function loadHouse(dataDir: string, maker: HouseMaker): Promise<House> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, HOUSE_FILE)
  const there = await readHouse(path)
  if (there) return houseOf(there)
  const made = await found(maker)
  await writeHouse(path, made)
  // Whoever was first has founded the house; a second program on the same directory takes what is there.
  return houseOf((await readHouse(path)) ?? made)
}

/** Never over one that is there. */
export const writeHouse = (path: string, file: HouseFile): Promise<void> =>
  writeOnce(path, JSON.stringify(z.encode(schema, file), null, 2))

export async function readHouse(path: string): Promise<HouseFile | undefined> {
  let content: string
  try {
    content = await readFile(path, "utf8")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw error
  }
  const parsed = z.safeDecode(schema, parse(content) as z.input<typeof schema>)
  // Without the parser's own words: they would quote the secret.
  if (!parsed.success)
    throw new Error(`${path} is damaged. Restore it from a backup; a new one would lock everybody out.`)
  return parsed.data
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

async function found({ now, random, opaqueSetup }: HouseMaker): Promise<HouseFile> {
  const pair = generateKeyPairSync("ed25519")
  const house = newId(random)
  const said = { house, incarnation: 1, previous: 0, time: now() }
  return {
    version: 1,
    house,
    publicKey: rawPublicKey(pair.publicKey),
    privateKey: Uint8Array.from(pair.privateKey.export({ format: "der", type: "pkcs8" })),
    statement: { ...said, signature: signWith(pair.privateKey, incarnationToSign(said)) },
    opaqueSetup: await opaqueSetup(),
  }
}

/** The same house with its log's next life, which goes on from the one before. */
export function nextLife(file: HouseFile, incarnation: number, time: number): HouseFile {
  const { house, statement } = file
  const said = { house, incarnation, previous: statement.incarnation, time }
  const signature = signWith(privateKeyOf(file), incarnationToSign(said))
  return { ...file, statement: { ...said, signature } }
}

function privateKeyOf(file: z.infer<typeof houseKeys>): KeyObject {
  const key = createPrivateKey({ key: Buffer.from(file.privateKey), format: "der", type: "pkcs8" })
  if (!Buffer.from(rawPublicKey(createPublicKey(key))).equals(file.publicKey))
    throw new Error("the house's keys do not belong together")
  return key
}

export function houseOf(file: HouseFile): House {
  const key = privateKeyOf(file)
  return {
    id: file.house,
    publicKey: file.publicKey,
    incarnation: file.statement,
    opaqueSetup: file.opaqueSetup,
    sign: (bytes) => signWith(key, bytes),
    derive: (purpose) =>
      new Uint8Array(hkdfSync("sha256", file.opaqueSetup, idBytes(file.house), `Teahouse ${purpose}`, 32)),
  }
}

const rawPublicKey = (key: KeyObject) =>
  Uint8Array.from(key.export({ format: "der", type: "spki" }).subarray(-32))
const signWith = (key: KeyObject, bytes: Uint8Array) => Uint8Array.from(sign(null, bytes, key))
