/**
 * A join link lets people into a group whom nobody there knows (SECURITY "Links"). Its public key stands in the room's policy;
 * the private half comes from a secret in the URL's fragment, which no server sees. Who has it signs a request with it:
 *
 *   signed = label ‖ room ‖ link ‖ user ‖ identity key (32) ‖ KeyPackageRef (32, RFC 9420 section 5.2)
 *
 * Room and link stand in it because the same words must not open another door; the identity key, because a house must not be
 * able to put another one in its place; the key package, because whoever adds must not be able to add anything else. What
 * travels in a commit is only what cannot be read from the added leaf.
 */
import * as z from "zod/mini"
import { concat } from "./bytes.ts"
import { raw } from "./fields.ts"
import { type Id, idBytes, idRaw } from "./ids.ts"
import { labels } from "./labels.ts"

export const joinProof = z.strictObject({
  link: idRaw,
  /** Which of the commit's adds it is about. */
  keyPackageRef: raw(32, 32),
  signature: raw(64, 64),
})
export type JoinProof = z.infer<typeof joinProof>

export type JoinClaim = {
  readonly room: Id
  readonly link: Id
  readonly user: Id
  readonly uik: Uint8Array
  readonly keyPackageRef: Uint8Array
}

export const joinToSign = ({ room, link, user, uik, keyPackageRef }: JoinClaim): Uint8Array =>
  concat(labels.join, idBytes(room), idBytes(link), idBytes(user), uik, keyPackageRef)
