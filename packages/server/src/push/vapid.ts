/**
 * VAPID (RFC 8292): how a push service knows that it is this house that speaks. A signed statement for one service, valid for
 * hours, and nothing about the message or the person.
 *
 * The key stands in a file beside house.json and not in it: losing it costs the subscriptions, which browsers make anew, and
 * nobody has to rewrite the file without which everybody is locked out.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { base64 } from "@teahouse/protocol/fields.ts"
import * as z from "zod/mini"
import { writeOnce } from "../house/write-once.ts"

export const PUSH_FILE = "push.json"
/** RFC 8292 section 2: no more than 24 hours. */
const VALID_MS = 12 * 3_600_000
/** One statement serves for this long. */
const FRESH_MS = 6 * 3_600_000

const schema = z.strictObject({
  version: z.literal(1),
  /** PKCS#8, DER, P-256. */ privateKey: base64(32, 256),
})

export type Vapid = {
  /** Uncompressed point, 65 bytes. */
  readonly publicKey: Uint8Array
  /** The `authorization` header for a push service. */
  authorization(endpoint: URL, now: number): string
}

/** `subject`: whom a push service may ask, a mailto: or https: address. Throws where the file is damaged. */
export async function loadVapid(dataDir: string, subject: string): Promise<Vapid> {
  const path = join(dataDir, PUSH_FILE)
  const there = await read(path)
  if (there) return vapidOf(there, subject)
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
  const made = Uint8Array.from(privateKey.export({ format: "der", type: "pkcs8" }))
  await writeOnce(path, JSON.stringify(z.encode(schema, { version: 1, privateKey: made }), null, 2))
  return vapidOf((await read(path)) ?? made, subject)
}

async function read(path: string): Promise<Uint8Array | undefined> {
  let content: string
  try {
    content = await readFile(path, "utf8")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw error
  }
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    value = undefined
  }
  const parsed = z.safeDecode(schema, value as z.input<typeof schema>)
  if (!parsed.success)
    throw new Error(`${path} is damaged. Restore it from a backup, or delete it: devices subscribe anew.`)
  return parsed.data.privateKey
}

const text = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

function vapidOf(der: Uint8Array, subject: string): Vapid {
  const key = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" })
  const publicKey = rawPublicKey(createPublicKey(key))
  const head = text({ typ: "JWT", alg: "ES256" })
  const made = new Map<string, { readonly header: string; readonly at: number }>()
  return {
    publicKey,
    authorization({ origin }, now) {
      const known = made.get(origin)
      if (known && Math.abs(now - known.at) < FRESH_MS) return known.header
      const signed = `${head}.${text({ aud: origin, exp: Math.floor((now + VALID_MS) / 1000), sub: subject })}`
      const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" })
      const token = `${signed}.${signature.toString("base64url")}`
      const header = `vapid t=${token}, k=${Buffer.from(publicKey).toString("base64url")}`
      made.set(origin, { header, at: now })
      return header
    },
  }
}

/** Subject public key info of P-256 ends with the uncompressed point. */
const rawPublicKey = (key: KeyObject) =>
  Uint8Array.from(key.export({ format: "der", type: "spki" }).subarray(-65))
