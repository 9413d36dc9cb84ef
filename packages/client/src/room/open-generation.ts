/**
 * The room's next generation (SECURITY R3, step 3), made here: a fresh group with the people of the last state that this device
 * has agreed on, as far as they still are in the room, under the same rules. Everybody's devices are claimed anew.
 */
import { type Agreed, agreedOf } from "@teahouse/judge/agreed.ts"
import { commonPeople, commonPolicy, judgeGeneration } from "@teahouse/judge/generation.ts"
import type { RoomState as Judged } from "@teahouse/judge/state.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { encodeGeneration } from "@teahouse/protocol/generation.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { decodeNotice } from "@teahouse/protocol/notice.ts"
import type { Seen } from "../content/core.ts"
import type { RoomParts } from "./parts.ts"
import type { PendingCommit } from "./records.ts"

type Parts = Pick<RoomParts, "crypto" | "me" | "call" | "claim">
export type Opening = {
  readonly pending: PendingCommit
  /** Who does not fit into its first commit. */
  readonly missing: readonly Id[]
}

/** undefined: not now. Somebody's devices cannot be had, or the house shows a room with other roles than were agreed on. */
export async function makeGeneration(
  { crypto, me, call, claim }: Parts,
  agreed: Agreed,
  place: { readonly room: Id; readonly seen: Seen; readonly n: number; readonly complaint: number },
): Promise<Opening | undefined> {
  const { room, seen, n, complaint } = place
  const info = await call("groupInfo", { params: { room } })
  if (!info.ok || info.value.generation !== agreed.generation) return undefined
  const shown = await crypto.room.look(info.value.groupInfo, me.house, room, agreed.generation)
  const policy = shown.ok && commonPolicy(agreed.policy, shown.value.policy)
  if (!shown.ok || !policy) return undefined
  const gone = new Set(info.value.leaving.flatMap((proof) => leaver(me.house, room, proof)))
  const people = commonPeople(agreed, shown.value).filter(({ user }) => !gone.has(user))
  const guests: (readonly Uint8Array[])[] = []
  for (const { user } of people) {
    const devices = await claim(user)
    if (!devices) return undefined
    if (devices.length > 0) guests.push(devices)
  }
  const { add, left } = fitting(guests)
  const generation = agreed.generation + 1
  const { room: alone, opening } = await crypto.room.create(me, room, generation, policy)
  const readmitted = new Set(people.map(({ user }) => user))
  const data = encodeCommitData({ seen, proofs: [] })
  const made = await crypto.room.commit(alone, { add, data, readmitted })
  if (!made.ok) return undefined
  const { commit, groupInfo, welcome, next } = made.value
  const parts = { opening, commit, groupInfo, ...(welcome ? { welcome } : {}) }
  const verdict = await judgeGeneration(agreed, { house: me.house, room }, parts, { device: me.device })
  if (!verdict.ok) return undefined
  const body = encodeGeneration(parts)
  const pending: PendingCommit = {
    ...{ n, generation: agreed.generation, epoch: shown.value.epoch, external: false, complaint },
    ...{ commit: body, groupInfo, nextGeneration: generation, next: crypto.room.encode(next) },
  }
  const present = new Set(agreedOf(next.judged).people.map(({ user }) => user))
  const missing = left ? people.map(({ user }) => user).filter((user) => !present.has(user)) : []
  return { pending, missing }
}

/** Whose devices go with a notice: of a single one that is revoked the house gives out no package any more. */
function leaver(house: Id, room: Id, proof: Uint8Array): Id[] {
  const change = decodeNotice({ house, room }, proof)?.change
  return change?.kind === "left" ? [change.user] : []
}

/** As many as one commit adds: a device of each person first, so that nobody is left outside while another has two. */
export function fitting<T>(
  guests: readonly (readonly T[])[],
  most: number = limits.addsPerCommit,
): { readonly add: readonly T[]; readonly left: boolean } {
  const all = [...guests.flatMap((devices) => devices.slice(0, 1)), ...guests.flatMap((d) => d.slice(1))]
  return { add: all.slice(0, most), left: guests.length > most }
}

/** Whether a person's client may open one: where a plain member's may, only a day of silence shows (the house has the clock). */
export const mayAnswer = ({ policy }: Pick<Judged, "policy">, user: Id): boolean =>
  policy.kind !== "group" || policy.owner === user || policy.admins.includes(user)
