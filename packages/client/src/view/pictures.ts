/**
 * Group pictures for screens. Snapshots name a picture by its version only, and a screen fetches it once by command: a list of
 * a hundred chats would otherwise carry a hundred pictures with every message.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"

const versions = new WeakMap<Uint8Array, string>()

export function versionOf(picture: Uint8Array): string {
  const known = versions.get(picture)
  if (known !== undefined) return known
  const version = toBase64url(sha256(picture).subarray(0, 9))
  versions.set(picture, version)
  return version
}

const startsWith = (bytes: Uint8Array, start: readonly number[], at = 0) =>
  start.every((byte, i) => bytes[at + i] === byte)

/** By its first bytes, never by what somebody says it is; undefined: not a picture that we show. */
export function pictureType(bytes: Uint8Array): "image/jpeg" | "image/webp" | undefined {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return "image/jpeg"
  const riff = startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, [0x57, 0x45, 0x42, 0x50], 8)
  return riff ? "image/webp" : undefined
}

export function dataUrl(bytes: Uint8Array): string | undefined {
  const type = pictureType(bytes)
  return type && `data:${type};base64,${toBase64url(bytes).replaceAll("-", "+").replaceAll("_", "/")}`
}
