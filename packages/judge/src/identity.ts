/**
 * SECURITY R1 over the leaves of one tree. A user is one identity key, one name, one kind, in any tree, decided from the
 * tree alone.
 *
 * Account generations: a leaf that *enters or renews* with a generation below the highest of its user is refused, and so
 * is a commit by a leaf that stays below (that is what a revoked device looks like from here). A leaf that merely sits
 * there with a lower generation is left alone: re-certifying a room's other devices takes one commit by each of them, and
 * a rule that called the tree invalid in between could never be satisfied.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { JudgeReason } from "./reasons.ts"
import type { Leaf } from "./state.ts"

/** `fresh`: leaf indices that entered, renewed or acted; for a whole tree of unknown history, none. */
export function identityFault(leaves: readonly Leaf[], fresh: ReadonlySet<number>): JudgeReason | undefined {
  const devices = new Set<Id>()
  const users = new Map<Id, { leaf: Leaf; n: number }>()
  for (const leaf of leaves) {
    if (devices.has(leaf.device)) return "second_device"
    devices.add(leaf.device)
    const known = users.get(leaf.user)
    if (!known) {
      users.set(leaf.user, { leaf, n: leaf.n })
      continue
    }
    const same = leaf.username === known.leaf.username && leaf.kind === known.leaf.kind
    if (!same || !sameBytes(leaf.uik, known.leaf.uik)) return "second_identity"
    known.n = Math.max(known.n, leaf.n)
  }
  const stale = leaves.some((l) => fresh.has(l.leaf) && l.n < (users.get(l.user)?.n ?? 0))
  return stale ? "stale_certificate" : undefined
}

/** No key twice: signature keys among leaves, encryption keys among all nodes (RFC 9420 sections 7.3 and 12.4.3.2). */
export function hasDuplicates(keys: Iterable<string>): boolean {
  const seen = new Set<string>()
  for (const key of keys) {
    if (seen.has(key)) return true
    seen.add(key)
  }
  return false
}
