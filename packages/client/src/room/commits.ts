/**
 * Own commits (docs/contract.md): made, stored with the state they lead to, posted, and adopted when exactly
 * these bytes appear in the log. The answer to the post only tells whether to go on waiting: the log decides.
 */
import { leafAt } from "@teahouse/judge/state.ts"
import { generationOf } from "@teahouse/protocol/certificate.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { JoinProof } from "@teahouse/protocol/join-proof.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Seen } from "../content/core.ts"
import type { CommitBundle, Crypto, Device, MakeCommit, Room } from "../crypto/port.ts"
import type { Call, CallError } from "../http.ts"
import type { Clock } from "../platform.ts"
import { isAttested } from "./attest.ts"
import type { PendingCommit, Removal, RoomMeta } from "./records.ts"
import { devicesOf } from "./removals.ts"

const seenData = (seen: Seen, proofs: readonly Uint8Array[] = [], joins: readonly JoinProof[] = []) =>
  encodeCommitData({ seen, proofs: [...proofs], ...(joins.length > 0 ? { joins: [...joins] } : {}) })
/** A private room's GroupInfo is taken without anybody's word for it when nobody has given one for so long (R3). */
const UNATTESTED_MS = 60_000
const MAX_PROOFS = 128

/** `joins`: the requests by which some of those in `add` come. */
export type Wanted = Omit<MakeCommit, "data"> & { readonly joins?: readonly JoinProof[] }

/** Another revocation than this device's own leaf knows of has begun a generation: whatever it commits brings its new certificate. */
export const isOutdated = ({ judged, leaf }: Room, { certificate }: Device): boolean => {
  const own = leafAt(judged, leaf)
  return own !== undefined && own.n < generationOf(certificate)
}
const renewing = (group: Room, me: Device): Pick<MakeCommit, "certificate"> =>
  isOutdated(group, me) ? { certificate: me.certificate } : {}

/** Fresh keys and nothing else. */
export async function makeUpdate(crypto: Crypto, me: Device, group: Room, n: number, seen: Seen) {
  const made = await crypto.room.commit(group, { ...renewing(group, me), data: seenData(seen) })
  return made.ok ? pendingFrom(crypto, made.value, group.generation, group.epoch, n, false) : undefined
}

/** People, devices or rules that somebody asked to change. */
export async function makeChange(
  crypto: Crypto,
  me: Device,
  group: Room,
  n: number,
  seen: Seen,
  { joins, ...what }: Wanted,
): Promise<PendingCommit | undefined> {
  const data = seenData(seen, [], joins)
  const made = await crypto.room.commit(group, { ...what, ...renewing(group, me), data })
  return made.ok ? pendingFrom(crypto, made.value, group.generation, group.epoch, n, false) : undefined
}

/** Takes out whoever asked for it. undefined: the judge does not let these proofs count. */
export async function makeRemoval(
  crypto: Crypto,
  me: Device,
  group: Room,
  n: number,
  seen: Seen,
  due: readonly Removal[],
) {
  const removals = due.slice(0, MAX_PROOFS)
  const data = seenData(
    seen,
    removals.map(({ proof }) => proof),
  )
  const remove = devicesOf(group, removals)
  const made = await crypto.room.commit(group, { data, remove, ...renewing(group, me) })
  return made.ok ? pendingFrom(crypto, made.value, group.generation, group.epoch, n, false) : undefined
}

/** Where a GroupInfo stands: the position of the commit that made its epoch. */
export type Place = {
  readonly incarnation: number
  readonly generation: number
  readonly epoch: number
  readonly seq: number
}

export type JoinProblem =
  | CallError
  /** Nobody has vouched for the epoch yet. */
  | { readonly kind: "unattested"; readonly epoch: number; readonly generation: number }
  /** The group as the server shows it is not one that this device may or can join. */
  | { readonly kind: "commit_refused" }

/** By external commit: a new device, or this one after its state was lost. Looks before it joins. */
export async function makeExternal(
  crypto: Crypto,
  me: Device,
  call: Call,
  room: Id,
  n: () => Promise<number>,
  before: Pick<RoomMeta, "seq" | "hash" | "users"> | undefined,
  acceptable: (state: Room["judged"], place: Place) => boolean,
  clock: Clock,
): Promise<Result<{ readonly pending: PendingCommit; readonly incarnation: number }, JoinProblem>> {
  const info = await call("groupInfo", { params: { room } })
  if (!info.ok) return info
  const { generation, groupInfo, attestations, since } = info.value
  const look = await crypto.room.look(groupInfo, me.house, room, generation)
  // What the house says of the epoch is as old or new as it likes; what is in the GroupInfo counts.
  if (!look.ok || !acceptable(look.value, { ...info.value, epoch: look.value.epoch }))
    return err({ kind: "commit_refused" })
  const attested = await isAttested(crypto, groupInfo, look.value, attestations, before?.users)
  const patient = look.value.policy.kind !== "group" && clock() - since >= UNATTESTED_MS
  // Whoever made this epoch says so in a moment.
  if (!attested && !patient) return err({ kind: "unattested", generation, epoch: look.value.epoch })
  const { seq, hash } = before ?? info.value
  const data = seenData({ seq, hash })
  const made = await crypto.room.joinExternally({ device: me, room, generation, groupInfo, data })
  if (!made.ok) return err({ kind: "commit_refused" })
  const from = pendingFrom(crypto, made.value, generation, look.value.epoch, await n(), true)
  const pending = attested ? from : { ...from, unattested: true }
  return ok({ pending, incarnation: info.value.incarnation })
}

export function pendingFrom(
  crypto: Crypto,
  bundle: CommitBundle,
  generation: number,
  epoch: number,
  n: number,
  external: boolean,
): PendingCommit {
  const { commit, groupInfo, welcome, next } = bundle
  const base = { n, generation, epoch, external, commit, groupInfo }
  const leads = { next: crypto.room.encode(next), nextGeneration: next.generation }
  return welcome ? { ...base, ...leads, welcome } : { ...base, ...leads }
}

export function postPending(call: Call, room: Id, pending: PendingCommit) {
  const { n, generation, epoch, commit, groupInfo, welcome, complaint } = pending
  if (complaint !== undefined) {
    const request = { n, generation, complaint, body: commit }
    return call("openGeneration", { params: { room }, request })
  }
  const request = { n, generation, epoch, commit, groupInfo, ...(welcome ? { welcome } : {}) }
  return call("postCommit", { params: { room }, request })
}
