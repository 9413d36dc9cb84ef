/**
 * Small square pictures of people and groups. A view names a picture and does not carry it: a list of a hundred people would
 * be megabytes in every snapshot. The name has the picture's hash in it, so another picture has another name, and a screen
 * may keep what it has fetched.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { PICTURE_MAX } from "./content/notebook.ts"
import { claimsMuch } from "./file/pixels.ts"
import type { SealedStore, SealedWrite } from "./store/sealed.ts"

export type PictureOf = "person" | "group"
type Stored = { readonly name: string; readonly bytes: Uint8Array }

const PREFIX = "picture/"

/** Only what every browser draws and cannot carry script, and no more than it looks; undefined for anything else. */
export function pictureType(bytes: Uint8Array): "image/jpeg" | "image/webp" | undefined {
  if (bytes.length > PICTURE_MAX || claimsMuch(bytes)) return undefined
  const begins = (at: number, ...values: number[]) => values.every((value, i) => bytes[at + i] === value)
  if (begins(0, 0xff, 0xd8, 0xff)) return "image/jpeg"
  return begins(0, 0x52, 0x49, 0x46, 0x46) && begins(8, 0x57, 0x45, 0x42, 0x50) ? "image/webp" : undefined
}

export const pictureName = (of: PictureOf, id: Id, bytes: Uint8Array): string =>
  `${of}/${id}/${toBase64url(sha256(bytes).subarray(0, 9))}`

export const keepPicture = (of: PictureOf, id: Id, bytes: Uint8Array): SealedWrite => ({
  put: `${PREFIX}${of}/${id}`,
  value: { name: pictureName(of, id, bytes), bytes } satisfies Stored,
})
export const dropPicture = (of: PictureOf, id: Id): SealedWrite => ({ drop: `${PREFIX}${of}/${id}` })

/** undefined where it was replaced meanwhile. */
export async function findPicture(store: SealedStore, name: string): Promise<Uint8Array | undefined> {
  const place = /^(?:person|group)\/[\w-]+(?=\/)/.exec(name)?.[0]
  const stored = place && (await store.get<Stored>(PREFIX + place))
  return stored && stored.name === name ? stored.bytes : undefined
}
