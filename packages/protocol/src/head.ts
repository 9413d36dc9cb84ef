/**
 * Signed heads (SECURITY R5). After each group commit the house signs where the rooms that it touched stand. One
 * signature covers them all: the heads are the leaves of a Merkle tree (hashed as in RFC 9162 section 2.1.1), and each
 * room gets the signature with the path from its own leaf, so a busy second costs one signature and not one per room.
 */
import * as z from "zod/mini"
import { concat, u32, u64 } from "./bytes.ts"
import { position, raw, time } from "./fields.ts"
import { type Sha256, sha256 } from "./hash.ts"
import { type Id, idBytes } from "./ids.ts"
import { labels } from "./labels.ts"
import { verifyEd25519 } from "./signature.ts"

export const head = z.strictObject({
  incarnation: position,
  generation: position,
  seq: position,
  hash: raw(32, 32),
  time,
  /** Siblings from the leaf upwards; bit i of `index` says whether the own side is right. */
  index: position,
  path: z.array(raw(32, 32)).check(z.maxLength(32)),
  signature: raw(64, 64),
})
export type SignedHead = z.infer<typeof head>

export type Head = Pick<SignedHead, "incarnation" | "generation" | "seq" | "hash" | "time"> & {
  readonly room: Id
}

export const headLeaf = (h: Head, hash: Sha256 = sha256): Uint8Array =>
  hash(
    concat(
      labels.headLeaf,
      idBytes(h.room),
      u32(h.incarnation),
      u32(h.generation),
      u64(h.seq),
      h.hash,
      u64(h.time),
    ),
  )

const node = (left: Uint8Array, right: Uint8Array, hash: Sha256) => hash(concat(labels.headNode, left, right))

/** What the house signs. */
export const headToSign = (root: Uint8Array): Uint8Array => concat(labels.head, root)

/** The root and, for each leaf, its path. An odd node goes up unchanged, leaving no trace in the path. */
export function headTree(leaves: readonly Uint8Array[], hash: Sha256 = sha256) {
  const places = leaves.map((_, at) => ({ at, index: 0, path: [] as Uint8Array[] }))
  let level = [...leaves]
  while (level.length > 1) {
    for (const place of places) {
      const sibling = level[place.at ^ 1]
      if (sibling) {
        place.index += (place.at & 1) * 2 ** place.path.length
        place.path.push(sibling)
      }
      place.at >>= 1
    }
    const next: Uint8Array[] = []
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array
      const right = level[i + 1]
      next.push(right ? node(left, right, hash) : left)
    }
    level = next
  }
  return { root: level[0] ?? new Uint8Array(32), places: places.map(({ index, path }) => ({ index, path })) }
}

/** True if the house with this key signed that the room stands there. */
export async function verifyHead(houseKey: Uint8Array, room: Id, signed: SignedHead): Promise<boolean> {
  let root = headLeaf({ room, ...signed })
  signed.path.forEach((sibling, i) => {
    const right = Math.floor(signed.index / 2 ** i) % 2 === 1
    root = right ? node(sibling, root, sha256) : node(root, sibling, sha256)
  })
  return verifyEd25519(houseKey, signed.signature, headToSign(root))
}
