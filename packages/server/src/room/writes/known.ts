/**
 * The judge knows trees and signatures only: a certificate that somebody has signed with a key of their own making is
 * sound to it, whoever it names. Which user has which identity key and which devices is what the house knows, so it
 * compares each leaf that comes in, in the transaction that lets it in (docs/contract.md 2).
 */
import type { Leaf } from "@teahouse/judge/state.ts"
import { sameBytes, utf8 } from "@teahouse/protocol/bytes.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import type { WriteDb } from "../../db/schema.ts"

export type EnteringLeaf = Pick<Leaf, "device" | "user" | "signatureKey" | "uik" | "username" | "kind">

export const enteringOf = (leaves: readonly Leaf[]): EnteringLeaf[] =>
  leaves.map(({ device, user, signatureKey, uik, username, kind }) => ({
    ...{ device, user, signatureKey, uik, username, kind },
  }))

/** A device that is not registered (any more) has no row: nobody can put it into a room. */
export async function areKnown(db: WriteDb, leaves: readonly EnteringLeaf[]): Promise<boolean> {
  for (const leaf of leaves) {
    const row = await db
      .selectFrom("device")
      .innerJoin("account", "account.id", "device.user_id")
      .select(["device.user_id", "device.signature_key", "account.uik", "account.name", "account.kind"])
      .where("device.id", "=", idBytes(leaf.device))
      .where("device.revocation", "is", null)
      .executeTakeFirst()
    const same =
      row &&
      sameBytes(row.user_id, idBytes(leaf.user)) &&
      sameBytes(row.signature_key, leaf.signatureKey) &&
      sameBytes(row.uik, leaf.uik) &&
      sameBytes(row.name, utf8(leaf.username)) &&
      row.kind === (leaf.kind === "bot" ? 1 : 0)
    if (!same) return false
  }
  return true
}
