/**
 * A device certificate: the account's identity key (UIK) says that a device is its own (SECURITY R1). It is the
 * identity of the device's MLS credential (RFC 9420 section 5.3), so it is binary, canonical and short.
 *
 *   0  version = 1          u8
 *   1  kind                 u8     0 person, 1 bot
 *   2  house id             16
 *  18  user id              16
 *  34  device id            16
 *  50  UIK                  32     Ed25519 public key
 *  82  account generation   u32    rises with each revocation
 *  86  username length      u8     2..96
 *  87  username             UTF-8, in normal form
 *   …  signature            64     Ed25519 by the UIK over label ‖ device signature key ‖ all bytes before
 *
 * The device's signature key is signed but not carried: it stands in the leaf, or beside the certificate. That keeps
 * a name of 32 Han characters within 256 bytes.
 */
import { concat, fromUtf8, readU32, sameBytes, u32, utf8 } from "./bytes.ts"
import { ID_BYTES, type Id, idBytes, idFrom } from "./ids.ts"
import { labels } from "./labels.ts"
import { limits } from "./limits.ts"
import { normalizeUsername } from "./username.ts"

export const CERTIFICATE_MAX_BYTES = 256
const GENERATION_AT = 82
const FIXED = 87
const SIGNATURE = 64

export type AccountKind = "person" | "bot"

export type Certificate = {
  readonly kind: AccountKind
  readonly house: Id
  readonly user: Id
  readonly device: Id
  /** Ed25519 public key, 32 bytes. */
  readonly uik: Uint8Array
  readonly generation: number
  readonly username: string
  /** By the UIK, 64 bytes. */
  readonly signature: Uint8Array
}

export type CertificateContent = Omit<Certificate, "signature">

/** Throws on values out of bounds: the caller holds checked values. */
export function encodeCertificateContent(content: CertificateContent): Uint8Array {
  const name = utf8(content.username)
  if (name.length > limits.usernameBytes || content.uik.length !== 32)
    throw new RangeError("certificate out of bounds")
  return concat(
    Uint8Array.of(1, content.kind === "bot" ? 1 : 0),
    idBytes(content.house),
    idBytes(content.user),
    idBytes(content.device),
    content.uik,
    u32(content.generation),
    Uint8Array.of(name.length),
    name,
  )
}

/** What the UIK signs. `signatureKey` is the device's Ed25519 public key, 32 bytes. */
export const certificateToSign = (content: Uint8Array, signatureKey: Uint8Array): Uint8Array =>
  concat(labels.certificate, signatureKey, content)

export const encodeCertificate = (certificate: Certificate): Uint8Array =>
  concat(encodeCertificateContent(certificate), certificate.signature)

/** Strict: one encoding per certificate, every byte consumed. Does not check the signature. */
export function decodeCertificate(bytes: Uint8Array): Certificate | undefined {
  if (bytes.length < FIXED + SIGNATURE || bytes.length > CERTIFICATE_MAX_BYTES) return undefined
  const [version, kind] = bytes
  const nameLength = bytes[FIXED - 1] as number
  if (version !== 1 || (kind !== 0 && kind !== 1)) return undefined
  if (bytes.length !== FIXED + nameLength + SIGNATURE) return undefined
  let username: string
  try {
    username = fromUtf8(bytes.subarray(FIXED, FIXED + nameLength))
  } catch {
    return undefined
  }
  if (normalizeUsername(username) !== username) return undefined
  const id = (at: number) => idFrom(bytes.subarray(at, at + ID_BYTES))
  return {
    kind: kind === 1 ? "bot" : "person",
    house: id(2),
    user: id(18),
    device: id(34),
    uik: bytes.slice(50, 82),
    generation: readU32(bytes, GENERATION_AT),
    username,
    signature: bytes.slice(FIXED + nameLength),
  }
}

/** Of a certificate that holds: the account's generation. */
export const generationOf = (certificate: Uint8Array): number => readU32(certificate, GENERATION_AT)

/** Same account and device; the keys may differ only by a higher generation's certificate. */
export const sameDevice = (a: Certificate, b: Certificate): boolean =>
  a.house === b.house && a.user === b.user && a.device === b.device && sameBytes(a.uik, b.uik)
