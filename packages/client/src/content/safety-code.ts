/**
 * What the QR code of a safety number says, for the friend's device to read. Its form is fixed here:
 *
 *   "teahouse-safety/1/" base64url( user id ‖ identity key of who shows it ‖ user id ‖ identity key of whom they hold the other for )
 *
 * (16 + 32 + 16 + 32 bytes.) Who shows it comes first, so that one's own code is not taken for the friend's.
 * Nothing in it is secret. Another form gets another number, and an older reader says that it cannot read it.
 */
import { concat, fromBase64url, sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import { ID_BYTES, type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"

export type Party = { readonly user: Id; readonly uik: Uint8Array }
export type SafetyCode = { readonly shows: Party; readonly holds: Party }

const PREFIX = "teahouse-safety/1/"
const KEY_BYTES = 32
const PARTY_BYTES = ID_BYTES + KEY_BYTES

export const encodeSafetyCode = ({ shows, holds }: SafetyCode): string =>
  PREFIX + toBase64url(concat(idBytes(shows.user), shows.uik, idBytes(holds.user), holds.uik))

const partyAt = (bytes: Uint8Array, at: number): Party => ({
  user: idFrom(bytes.slice(at, at + ID_BYTES)),
  uik: bytes.slice(at + ID_BYTES, at + PARTY_BYTES),
})

/** undefined for whatever is not one. Line breaks and spaces of whoever passed it on do not count. */
export function decodeSafetyCode(text: string): SafetyCode | undefined {
  // 128 letters and the prefix; somebody may paste a book.
  if (text.length > 1_000) return undefined
  const plain = text.replace(/\s/g, "")
  const bytes = plain.startsWith(PREFIX) ? fromBase64url(plain.slice(PREFIX.length)) : undefined
  if (bytes?.length !== 2 * PARTY_BYTES) return undefined
  return { shows: partyAt(bytes, 0), holds: partyAt(bytes, PARTY_BYTES) }
}

/** The sixty digits as somebody typed them, without what stands between; undefined for anything else. */
export function readDigits(text: string): string | undefined {
  if (text.length > 1_000) return undefined
  const plain = text.replace(/[\s\-–—.,，、]/g, "")
  return /^[0-9]{60}$/.test(plain) ? plain : undefined
}

export const sameParty = (a: Party, b: Party): boolean => a.user === b.user && sameBytes(a.uik, b.uik)
