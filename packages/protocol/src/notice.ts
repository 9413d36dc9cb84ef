/**
 * A notice is an entry that the server can read: somebody leaves, a device is revoked, a room is frozen or resumed.
 * It is signed by the acting device over (room, the chain's last hash, change), so the server can neither invent nor
 * move it, and it can serve as proof inside a later commit (SECURITY R4). A revocation is signed once for all rooms, by the
 * account's identity key, and the server puts it into each; under the device that goes, which says nothing more.
 *
 *   body = MessagePack {change: bytes, after: 32 bytes, signature: 64 bytes};  change = MessagePack of `change`
 *   signed = label ‖ room ‖ after ‖ change;  of a revocation: `revocationBytes`
 */
import * as z from "zod/mini"
import { concat } from "./bytes.ts"
import { position, raw } from "./fields.ts"
import { type Id, idBytes, idRaw } from "./ids.ts"
import { labels } from "./labels.ts"
import { pack, unpack } from "./pack.ts"
import { revocationBytes } from "./revocation.ts"

export const NOTICE_MAX_BYTES = 4096
const CHANGE_MAX_BYTES = 3072

/** SHA-256 of a leaf's LeafNode encoding (RFC 9420 section 7.2). */
const leafHash = raw(32, 32)
/** More devices than an account may have; they must fit into CHANGE_MAX_BYTES. */
const MAX_LEAVES = 64

const change = z.discriminatedUnion("kind", [
  /**
   * The user of the acting device leaves; any member may then remove these leaves. They are named as they are now: the
   * same words must not remove somebody who has come back since.
   */
  z.strictObject({
    kind: z.literal("left"),
    user: idRaw,
    leaves: z.array(leafHash).check(z.minLength(1), z.maxLength(MAX_LEAVES)),
  }),
  /** This device is the user's no more; any member may then remove its leaf. It never comes back. */
  z.strictObject({ kind: z.literal("device_revoked"), user: idRaw, device: idRaw }),
  /** Nothing but notices and removals is accepted until the room is resumed. */
  z.strictObject({ kind: z.literal("frozen") }),
  /** A frozen or pending room takes messages again; in a pending room only the invited person may say so. */
  z.strictObject({ kind: z.literal("resumed") }),
  /**
   * The acting device can neither follow the commit that led to this epoch nor come in again: nobody vouches for the epoch.
   * Whoever may opens the room's next generation (SECURITY R3).
   */
  z.strictObject({ kind: z.literal("complaint"), generation: position, epoch: position }),
  z.strictObject({ kind: z.literal("retention"), days: z.int().check(z.minimum(30), z.maximum(36_500)) }),
])
export type Change = z.infer<typeof change>

const envelope = z.strictObject({
  change: raw(1, CHANGE_MAX_BYTES),
  after: raw(32, 32),
  signature: raw(64, 64),
})
export type NoticePlace = { readonly house: Id; readonly room: Id }
export type Notice = {
  readonly change: Change
  readonly after: Uint8Array
  readonly signature: Uint8Array
  readonly signed: Uint8Array
}

export const encodeChange = (value: Change): Uint8Array => pack(z.encode(change, value))
export const noticeToSign = (room: Id, after: Uint8Array, changeBytes: Uint8Array): Uint8Array =>
  concat(labels.notice, idBytes(room), after, changeBytes)
export const encodeNotice = (changeBytes: Uint8Array, after: Uint8Array, signature: Uint8Array): Uint8Array =>
  pack({ change: changeBytes, after, signature })

/**
 * Strict; the signature is for the caller to check: `verifyEd25519(key, notice.signature, notice.signed)`, where the key is
 * the device's, and of a revocation the account's identity key.
 */
export function decodeNotice({ house, room }: NoticePlace, body: Uint8Array): Notice | undefined {
  const outer = unpack(body, NOTICE_MAX_BYTES)
  if (!outer.ok) return undefined
  const parsed = z.safeParse(envelope, outer.value)
  if (!parsed.success) return undefined
  const inner = unpack(parsed.data.change, CHANGE_MAX_BYTES)
  if (!inner.ok) return undefined
  const decoded = z.safeDecode(change, inner.value as z.input<typeof change>)
  if (!decoded.success) return undefined
  const { after, signature } = parsed.data
  const said = decoded.data
  const signed =
    said.kind === "device_revoked"
      ? revocationBytes(house, said.user, said.device)
      : noticeToSign(room, after, parsed.data.change)
  return { change: said, after, signature, signed }
}
