/**
 * The operator's key pair: the public half stands in the house's configuration and seals the OPAQUE secret of each backup, the
 * private half lies in a file elsewhere and is needed to restore one. HPKE (RFC 9180, base mode: DHKEM(X25519),
 * HKDF-SHA-256, AES-128-GCM) by the library that seals for MLS. Wire: encapsulated key (32) ‖ ciphertext.
 */
import { generateKeyPairSync } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { suite } from "@teahouse/judge/suite.ts"
import { isX25519 } from "@teahouse/judge/tree.ts"
import { concat, fromBase64url, toBase64url } from "@teahouse/protocol/bytes.ts"
import { key32 } from "@teahouse/protocol/fields.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { label } from "@teahouse/protocol/labels.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import * as z from "zod/mini"
import { writeOnce } from "../house/write-once.ts"

const schema = z.strictObject({
  kind: z.literal("Teahouse operator key"),
  version: z.literal(1),
  publicKey: key32,
  privateKey: key32,
})
export type OperatorKey = Pick<z.infer<typeof schema>, "publicKey" | "privateKey">

/** Of which backup a sealed part is: it opens in no other. */
export type SealedFor = { readonly house: Id; readonly backup: Id }

const ENC = 32
const INFO = label("backup opaque set-up")
const aadOf = ({ house, backup }: SealedFor) => concat(idBytes(house), idBytes(backup))

/** A new pair in a file for its owner only; false: there is a file already, which stays. */
export async function makeOperatorKey(path: string): Promise<Uint8Array | undefined> {
  if (existsSync(path)) return undefined
  const pair = generateKeyPairSync("x25519")
  const { x = "", d = "" } = pair.privateKey.export({ format: "jwk" })
  const [publicKey, privateKey] = [x, d].map((half) => fromBase64url(half) ?? new Uint8Array())
  if (!publicKey || !privateKey) throw new Error("no key was made")
  const file = { kind: "Teahouse operator key", version: 1, publicKey, privateKey } as const
  await writeOnce(path, `${JSON.stringify(z.encode(schema, file), null, 2)}\n`)
  return publicKey
}

/** undefined: there is no such file, or it is none of these. */
export function readOperatorKey(path: string): OperatorKey | undefined {
  try {
    const parsed = z.safeDecode(schema, JSON.parse(readFileSync(path, "utf8")))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** The public half as it stands in a configuration. */
export const operatorKeyText = (publicKey: Uint8Array): string => toBase64url(publicKey)
export const operatorKeyOf = (text: string): Uint8Array | undefined => fromBase64url(text)

/** undefined where the key is not a usable X25519 key. */
export async function sealToOperator(
  publicKey: Uint8Array,
  of: SealedFor,
  secret: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (!isX25519(publicKey)) return undefined
  const { hpke } = await suite()
  const { enc, ct } = await hpke.seal(await hpke.importPublicKey(publicKey), secret, INFO, aadOf(of))
  return concat(enc, ct)
}

export async function openAsOperator(
  privateKey: Uint8Array,
  of: SealedFor,
  sealed: Uint8Array,
): Promise<Result<Uint8Array, "wrong_key">> {
  const { hpke } = await suite()
  try {
    const key = await hpke.importPrivateKey(privateKey)
    return ok(await hpke.open(key, sealed.subarray(0, ENC), sealed.subarray(ENC), INFO, aadOf(of)))
  } catch {
    return err("wrong_key")
  }
}
