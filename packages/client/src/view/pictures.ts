/**
 * Group pictures for screens. Snapshots name a picture by its version only, and a screen fetches it once by command: a list of
 * a hundred chats would otherwise carry a hundred pictures with every message.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { pictureType } from "../picture.ts"

const versions = new WeakMap<Uint8Array, string>()

export function versionOf(picture: Uint8Array): string {
  const known = versions.get(picture)
  if (known !== undefined) return known
  const version = toBase64url(sha256(picture).subarray(0, 9))
  versions.set(picture, version)
  return version
}

export function dataUrl(bytes: Uint8Array): string | undefined {
  const type = pictureType(bytes)
  return type && `data:${type};base64,${toBase64url(bytes).replaceAll("-", "+").replaceAll("_", "/")}`
}
