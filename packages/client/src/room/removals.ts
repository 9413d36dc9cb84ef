/** Who is to be removed because they asked for it (SECURITY R4: a notice, signed by a leaf of the same user). */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Room } from "../crypto/port.ts"
import type { Removal } from "./records.ts"

const meant = (removal: Removal, leaf: { readonly user: Id; readonly device: Id }) =>
  leaf.user === removal.user && (removal.device === undefined || leaf.device === removal.device)

/** Those that concern a leaf other than one's own: nobody removes themselves. */
export const stillDue = (group: Room, removals: readonly Removal[] = []): readonly Removal[] =>
  removals.filter((removal) => devicesOf(group, [removal]).length > 0)

export const devicesOf = (group: Room, removals: readonly Removal[]): readonly Id[] =>
  group.judged.leaves
    .filter((leaf) => leaf.leaf !== group.leaf && removals.some((removal) => meant(removal, leaf)))
    .map((leaf) => leaf.device)
