/**
 * From a request to the arguments of a write: everything that needs the judge, a signature or a look at other tables.
 * What may have changed by the time of the write is compared again there (compare-and-set).
 */

import { agreedOf } from "@teahouse/judge/agreed.ts"
import type { Advance } from "@teahouse/judge/commit.ts"
import type { Judge } from "@teahouse/judge/judge.ts"
import type { JudgeReason } from "@teahouse/judge/reasons.ts"
import type { Leaf, RoomState } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { CommitData } from "@teahouse/protocol/commit-data.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { decodeGeneration } from "@teahouse/protocol/generation.ts"
import type { CommitBundle, NewRoom } from "@teahouse/protocol/http/room.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { type Change, decodeNotice } from "@teahouse/protocol/notice.ts"
import type { RoomPolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import type { Database } from "../db/port.ts"
import type { House } from "../house/house.ts"
import { roomKinds, roomStates, type RoomState as StateName } from "./log.ts"
import type { NextEpoch } from "./writes/epoch.ts"
import type { GenerationArgs } from "./writes/generation.ts"
import { enteringOf } from "./writes/known.ts"
import type { NoticeArgs, NoticeEffect } from "./writes/notice.ts"
import type { OpenArgs } from "./writes/open.ts"
import { deviceRow } from "./writes/place.ts"
import type { RosterLeaf } from "./writes/roster.ts"

/** The device that asks, as the session says. */
export type Actor = { readonly user: Id; readonly device: Id }

export type PrepareParts = {
  readonly db: Database
  readonly judge: Judge
  readonly house: House
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
}

export const judged = (reason: JudgeReason): Refusal =>
  reason === "wrong_epoch"
    ? refuse("stale_epoch")
    : reason === "room_full"
      ? refuse("room_full")
      : refuse("commit_refused", { detail: { reason } })

export const rosterOf = (leaves: readonly Leaf[]): RosterLeaf[] =>
  leaves.map(({ device, user, leaf, signatureKey }) => ({ device, user, leaf, signatureKey }))

export type JudgedCommit = { readonly advance: Advance; readonly next: NextEpoch }

/** The commit, its GroupInfo and its welcome, all of one piece, made by this device. */
export async function judgeBundle(
  state: RoomState,
  { commit, groupInfo, welcome }: CommitBundle,
  by: Actor,
  { judge, random }: Pick<PrepareParts, "judge" | "random">,
): Promise<Result<JudgedCommit, Refusal>> {
  const verdict = await judge.commit(state, commit, { device: by.device })
  if (!verdict.ok) return err(judged(verdict.error))
  const advance = verdict.value
  if (advance.by.user !== by.user) return err(judged("wrong_sender"))
  const info = await judge.groupInfo(advance, groupInfo)
  if (!info.ok) return err(judged(info.error))
  const welcomed = judge.welcome(advance, welcome)
  if (!welcomed.ok) return err(judged(welcomed.error))
  const added = advance.welcomes.map(({ device }) => ({ id: newId(random), device }))
  return ok({ advance, next: { epoch: advance.next.epoch, groupInfo, welcome: welcome ?? null, added } })
}

export type PreparedGeneration = {
  readonly args: GenerationArgs
  readonly state: RoomState
  /** The end of the log as its maker had read it. */
  readonly seen: CommitData["seen"]
}

/** The room's next generation, held against its state of this moment. Who may open one is for the caller to decide. */
export async function prepareGeneration(
  { house, judge, now }: PrepareParts,
  state: RoomState,
  { n, body }: { readonly n: number; readonly body: Uint8Array },
  by: Actor,
  intervalMs: number,
): Promise<Result<PreparedGeneration, Refusal>> {
  const parts = decodeGeneration(body)
  if (!parts) return err(refuse("malformed"))
  const { room, generation, epoch } = state
  const place = { house: house.id, room }
  const verdict = await judge.generation(agreedOf(state), place, parts, { device: by.device })
  if (!verdict.ok) return err(judged(verdict.error))
  const { next, by: maker } = verdict.value
  if (maker.user !== by.user) return err(judged("wrong_sender"))
  // Its welcome stands in the entry itself, for everybody to read there.
  const nextEpoch = { epoch: next.epoch, groupInfo: parts.groupInfo, welcome: null, added: [] }
  const args: GenerationArgs = {
    ...{ room, ...by, n, generation, epoch, body },
    roster: rosterOf(next.leaves),
    entering: enteringOf(next.leaves),
    next: nextEpoch,
    now: now(),
    intervalMs,
  }
  return ok({ args, state: next, seen: verdict.value.data.seen })
}

export type PreparedRoom = {
  readonly args: OpenArgs
  readonly policy: RoomPolicy
  readonly users: ReadonlySet<Id>
}

/** A new room. Whom the caller may invite, and which kinds, is for the caller of this to decide by `policy` and `users`. */
export async function prepareOpen(
  parts: PrepareParts,
  { room, n, opening, first }: NewRoom,
  by: Actor,
  state: StateName,
): Promise<Result<PreparedRoom, Refusal>> {
  const { house, judge, now } = parts
  if (n < 1 || (first && first.n <= n)) return err(refuse("malformed"))
  const opened = await judge.open(opening, { house: house.id, room, generation: 0 }, { opening: true })
  if (!opened.ok) return err(judged(opened.error))
  const [maker] = opened.value.leaves
  if (maker?.user !== by.user || maker.device !== by.device) return err(judged("wrong_sender"))
  const { policy } = opened.value
  const base: OpenArgs = {
    room,
    kind: roomKinds.indexOf(policy.kind),
    state: roomStates[state],
    incarnation: house.incarnation.incarnation,
    ...by,
    now: now(),
    n,
    opening,
    roster: rosterOf(opened.value.leaves),
    entering: enteringOf(opened.value.leaves),
  }
  if (!first) return ok({ args: base, policy, users: new Set([by.user]) })
  const bundle = await judgeBundle(opened.value, first, by, parts)
  if (!bundle.ok) return bundle
  const { advance, next } = bundle.value
  const { leaves } = advance.next
  const entering = [...base.entering, ...enteringOf([...advance.added, advance.by])]
  const args = {
    ...base,
    entering,
    first: { n: first.n, commit: first.commit, roster: rosterOf(leaves), next },
  }
  return ok({ args, policy: advance.next.policy, users: new Set(leaves.map((leaf) => leaf.user)) })
}

export async function prepareNotice(
  { db, house, now }: PrepareParts,
  room: Id,
  posted: { readonly n: number; readonly notice: Uint8Array },
  by: Actor,
  allowed: readonly Change["kind"][],
): Promise<Result<{ readonly change: Change; readonly args: NoticeArgs }, Refusal>> {
  const notice = decodeNotice({ house: house.id, room }, posted.notice)
  if (!notice || posted.n < 1) return err(refuse("malformed"))
  const row = await deviceRow(db.read, room, by.device)
  if (!row) return err(refuse("unknown_room"))
  const { change, after } = notice
  const effect = effectOf(change)
  if (!effect || !allowed.includes(change.kind)) return err(judged("policy_forbidden"))
  if (!(await verifyEd25519(row.signature_key, notice.signature, notice.signed)))
    return err(judged("bad_signature"))
  if ("user" in change && change.user !== by.user) return err(judged("wrong_sender"))
  const args = { room, ...by, n: posted.n, notice: posted.notice, after, effect, now: now() }
  return ok({ change, args })
}

/** undefined where this version of the house does not follow it. */
function effectOf(change: Change): NoticeEffect | undefined {
  switch (change.kind) {
    case "retention":
    // Said by the house alone, on the account's word (device/writes.ts).
    case "device_revoked":
      return undefined
    case "left":
      return { kind: change.kind, user: change.user }
    case "complaint":
      return { kind: change.kind }
    default:
      return change
  }
}

/**
 * Whether a notice names exactly the leaves that it is about: with others it would stop somebody whom no member could
 * then remove, and the room would be held up for good.
 */
export async function namesLeaves(state: RoomState, change: Change): Promise<boolean> {
  if (change.kind !== "left") return true
  // Late, like the judge (late-judge.ts): whoever has a state has loaded it.
  const { leafHash } = await import("@teahouse/judge/state.ts")
  const named = change.leaves
  const theirs = state.leaves.filter((leaf) => leaf.user === change.user)
  const hashes = theirs.map((leaf) => leafHash(state, leaf.leaf))
  return (
    named.length === theirs.length &&
    hashes.every((hash) => hash !== undefined && named.some((one) => sameBytes(one, hash)))
  )
}
