/**
 * The recovery code: 130 random bits as 26 characters of Crockford's alphabet (no I, L, O, U) and two check characters,
 * so that a slip of the pen is noticed before anything is tried; shown as seven groups of four. No password stretching:
 * 130 bits cannot be guessed. HKDF gives two halves: one wraps the root, the other is an Ed25519 key to sign in with.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { derive, ed25519From, randomBytes } from "./keys.ts"
import type { Recovery } from "./port.ts"

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const RANDOM = 26
const GROUP = 4

const character = (byte: number | undefined): string => ALPHABET.charAt((byte ?? 0) & 31)
const check = (code: string): string => {
  const hash = sha256(utf8(`teahouse/recovery check/v1 ${code}`))
  return character(hash[0]) + character(hash[1])
}

export function newRecoveryCode(): string {
  const code = Array.from(randomBytes(RANDOM), character).join("")
  return (code + check(code)).match(new RegExp(`.{${GROUP}}`, "g"))?.join("-") ?? ""
}

export async function recoveryFrom(text: string, user: Id): Promise<Result<Recovery, "malformed">> {
  const plain = text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, "")
  const code = plain.replace(/O/g, "0").replace(/[IL]/g, "1")
  const body = code.slice(0, RANDOM)
  const known = [...code].every((c) => ALPHABET.includes(c))
  if (!known || code.length !== RANDOM + 2 || code.slice(RANDOM) !== check(body)) return err("malformed")
  const secret = utf8(body)
  return ok({
    wrapKey: derive(secret, "recovery wrap", idBytes(user)),
    signIn: ed25519From(derive(secret, "recovery sign-in", idBytes(user))),
  })
}
