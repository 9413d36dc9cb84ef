/**
 * The part of a join link that no server sees: version (1) ‖ room (16) ‖ secret (16), as base64url: 44 characters after the `#`.
 * Everything else follows from it (crypto/link.ts). Parsed strictly: a link that lost a character says so.
 */
import { concat, fromBase64url, toBase64url } from "@teahouse/protocol/bytes.ts"
import { ID_BYTES, type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { LINK_SECRET_BYTES } from "../content/card.ts"

const VERSION = 1

export type Fragment = { readonly room: Id; readonly secret: Uint8Array }

export const encodeFragment = ({ room, secret }: Fragment): string =>
  toBase64url(concat(Uint8Array.of(VERSION), idBytes(room), secret))

export function decodeFragment(text: string): Fragment | undefined {
  const bytes = fromBase64url(text.trim().replace(/^.*#/, ""))
  if (bytes?.length !== 1 + ID_BYTES + LINK_SECRET_BYTES || bytes[0] !== VERSION) return undefined
  return { room: idFrom(bytes.subarray(1, 1 + ID_BYTES)), secret: bytes.slice(1 + ID_BYTES) }
}
