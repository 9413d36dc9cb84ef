/** What a commit in the log means for this device. Own commits are recognised by their bytes and never processed. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { decodeCommitData } from "@teahouse/protocol/commit-data.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { pastDays, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import type { Seen } from "../content/core.ts"
import type { Change, Crypto, Device, Room } from "../crypto/port.ts"
import type { HistoryItem } from "../history/entry.ts"
import type { PendingCommit } from "./records.ts"
import type { RoomState } from "./state.ts"

export type CommitRead =
  | {
      readonly kind: "advanced"
      readonly group: Room
      readonly item: HistoryItem
      readonly own: boolean
      /** Somebody came (back) in by themselves. */
      readonly external: boolean
      /** Whose commit; absent where it is our own. */
      readonly by?: Change["by"]
      /** It added somebody and brought no fresh keys. */
      readonly addOnly: boolean
      readonly seen?: Seen | undefined
    }
  | { readonly kind: "removed"; readonly item: HistoryItem }
  /** The group state cannot follow: join again. */
  | { readonly kind: "lost" }

export async function readCommit(
  state: RoomState,
  entry: Entry & { readonly body: Uint8Array },
  crypto: Crypto,
  me: Device,
): Promise<CommitRead> {
  const { group, pending, meta } = state
  if (entry.device === me.device) {
    if (!pending || !sameBytes(pending.commit, entry.body)) return { kind: "lost" }
    const next = adopt(pending, me, meta.room, crypto)
    if (!next) return { kind: "lost" }
    const item: HistoryItem = pending.external ? { type: "here", first: false } : membersItem(group, next)
    return { kind: "advanced", group: next, item, own: true, external: pending.external, addOnly: false }
  }
  if (!group || entry.generation !== group.generation) return { kind: "lost" }
  const processed = await crypto.room.process(group, entry.body)
  if (!processed.ok) return { kind: "lost" }
  const { change } = processed.value
  // The judge vouches for the leaf; the envelope's device is the server's word and must agree.
  if (change.by.device !== entry.device) return { kind: "lost" }
  if (processed.value.kind === "removed") {
    const gone: HistoryItem = { type: "members", joined: [], left: [me.user], newDevice: [] }
    return { kind: "removed", item: gone }
  }
  const next = processed.value.room
  const addOnly =
    change.added.length > 0 && change.removed.length === 0 && !change.external && !change.policyChanged
  const seen = decodeCommitData(change.data)?.seen
  const item = membersItem(group, next)
  const { external, by } = change
  return { kind: "advanced", group: next, item, own: false, external, by, addOnly, seen }
}

export const adopt = (pending: PendingCommit, me: Device, room: Id, crypto: Crypto): Room | undefined =>
  crypto.room.decode(me, room, pending.nextGeneration, pending.next, [])

type Roster = {
  readonly judged: Pick<Room["judged"], "leaves"> & {
    readonly policy: Pick<RoomPolicy, "history" | "historyDays">
  }
}

/** One key a user holds in each (SECURITY R1), so another one is another identity, and no device of theirs. */
export function membersItem(before: Roster | undefined, after: Roster): HistoryItem {
  if (!before) return { type: "nothing" }
  const users = (room: Roster) => new Map(room.judged.leaves.map((leaf) => [leaf.user, leaf.uik]))
  const [had, has] = [users(before), users(after)]
  const devices = new Set(before.judged.leaves.map((leaf) => leaf.device))
  const came = after.judged.leaves.filter((leaf) => !devices.has(leaf.device))
  const joined = [...has.keys()].filter((user) => !had.has(user))
  const left = [...had.keys()].filter((user) => !has.has(user))
  const newIdentity = [...has].flatMap(([user, uik]) => {
    const old = had.get(user)
    return old && !sameBytes(old, uik) ? [user] : []
  })
  const newDevice = [...new Set(came.map((leaf) => leaf.user))].filter(
    (user) => had.has(user) && !newIdentity.includes(user),
  )
  const changes = joined.length + left.length + newDevice.length + newIdentity.length
  const days = pastDays(after.judged.policy)
  const changed = days !== pastDays(before.judged.policy)
  if (changes === 0 && !changed) return { type: "nothing" }
  // Who came last is judged by this later, whatever the rule is then.
  const past = changed ? { days, changed } : joined.length > 0 && days > 0 ? { days } : undefined
  return {
    ...{ type: "members", joined, left, newDevice },
    ...(newIdentity.length > 0 ? { newIdentity } : {}),
    ...(past ? { past } : {}),
  }
}
