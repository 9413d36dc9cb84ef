/**
 * Ways into a room that this device is not in yet: by the welcome of whoever added it, or by external commit as a device
 * of a member. Both are looked at by the judge before anything is kept. What is kept is written in one batch.
 */
import type { RoomState as Judged } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { WaitingWelcome } from "@teahouse/protocol/http/device.ts"
import type { RoomSummary } from "@teahouse/protocol/http/room.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { pastDays } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { packageByRef, usedPackage } from "../account/key-packages.ts"
import type { RoomHead } from "../content/notebook.ts"
import type { Room } from "../crypto/port.ts"
import type { HistoryEntry } from "../history/entry.ts"
import type { Problem } from "../problem.ts"
import { type Place as EpochPlace, makeExternal, postPending } from "./commits.ts"
import { livesFor } from "./life.ts"
import { freshRoomWrites } from "./load.ts"
import type { RoomParts } from "./parts.ts"
import { type Life, type PendingCommit, type RoomMeta, type RoomStanding, startOf } from "./records.ts"

type Parts = Pick<
  RoomParts,
  | "store"
  | "crypto"
  | "me"
  | "call"
  | "history"
  | "knownIdentity"
  | "knownHead"
  | "alarm"
  | "verifyLife"
  | "clock"
>
type Place = {
  readonly seq: number
  readonly hash: Uint8Array
  readonly incarnation: number
  readonly life?: Life
  readonly time: number
}
/** The private rooms' bound (SECURITY "Key packages and requests"). */
const DIRECT_LEAVES = 40
/** No more of a group's past than this is asked for. */
const PAST_POSITIONS = 20_000
/** A room begins with its opening and who is added to it: nobody may have entries of these. */
const OPENING = 2

export function freshMeta(group: Room, me: Id, place: Place, standing: RoomStanding, n: number): RoomMeta {
  const { kind, users } = group.judged.policy
  const peer = kind === "direct" ? users.find((user) => user !== me) : undefined
  return {
    room: group.room,
    kind,
    standing,
    incarnation: place.incarnation,
    ...(place.life ? { life: place.life } : {}),
    generation: group.generation,
    seq: place.seq,
    hash: place.hash,
    joined: { seq: place.seq, hash: place.hash },
    n,
    ...(peer ? { peer } : {}),
    users: [...new Set(group.judged.leaves.map((leaf) => leaf.user))],
    at: place.time,
    read: place.seq,
    unread: 0,
    draft: "",
    owesUpdate: false,
    lost: false,
  }
}

/** Whether this device wants to be in a group that looks like this. */
export function acceptable(
  judged: Judged,
  me: Parts["me"],
  known: (user: Id) => Uint8Array | undefined,
): boolean {
  const { policy, leaves } = judged
  if (policy.kind !== "group" && !policy.users.includes(me.user)) return false
  if (policy.kind === "direct" && leaves.length > DIRECT_LEAVES) return false
  return leaves.every((leaf) => sameBytes(known(leaf.user) ?? leaf.uik, leaf.uik))
}

/** undefined: not for us, or not to be joined; the caller forgets the welcome and may come in another way. */
export async function joinByWelcome(
  parts: Parts,
  welcome: WaitingWelcome & Pick<RoomMeta, "life">,
  /** What is known of the room from before this device was removed from it. */
  before?: RoomMeta,
): Promise<RoomMeta | undefined> {
  const { store, crypto, me } = parts
  const refs = crypto.room.welcomeRefs(welcome.welcome)
  if (!refs.ok) return undefined
  for (const ref of refs.value) {
    const keyPackage = await packageByRef(store, ref)
    if (!keyPackage) continue
    const { room, generation, groupInfo } = welcome
    const look = await crypto.room.look(groupInfo, me.house, room, generation)
    if (!look.ok || !acceptable(look.value, me, parts.knownIdentity)) return undefined
    const joined = await crypto.room.join({
      device: me,
      room,
      generation,
      welcome: welcome.welcome,
      groupInfo,
      keyPackage: keyPackage.secret,
    })
    if (!joined.ok) return undefined
    // The room of a friend request begins with two entries and waits until the notice that accepts it is read.
    const direct = joined.value.judged.policy.kind === "direct"
    const standing = direct && welcome.seq <= 2 ? "pending" : "open"
    const n = before ? await usedNumber(parts, room, before.n) : 0
    const fresh = {
      ...freshMeta(joined.value, me.user, welcome, standing, n),
      ...sharedPast(joined.value, welcome, before),
      owesUpdate: true,
    }
    const meta = before ? goingOn(fresh, before) : fresh
    await store.write([...freshRoomWrites(crypto, meta, joined.value), ...usedPackage(keyPackage)], "strict")
    return meta
  }
  return undefined
}

/** What the group shares with who comes in by its rule of this moment: asked for once the device is here (past/past.ts). */
function sharedPast({ judged: { policy } }: Room, { seq, time }: Place, before?: RoomMeta) {
  const days = policy.kind === "group" ? pastDays(policy) : 0
  // The opening is no entry of anybody's history.
  const from = Math.max(2, seq - PAST_POSITIONS, (before?.seq ?? 0) + 1)
  const since = Math.max(0, time - days * 86_400_000)
  return days > 0 && from < seq ? { wanted: { from, to: seq - 1, since } } : {}
}

/** What none of one's own devices has kept is asked of the others, once all that the house has is here. */
function ownPast({ kind, since }: RoomSummary, seq: number): Pick<RoomMeta, "wanted"> {
  const from = Math.max(OPENING + 1, seq - PAST_POSITIONS, since)
  return kind !== "self" && from < seq ? { wanted: { from, to: seq - 1 } } : {}
}

/** Numbers go on from the last, whatever became of the leaf. */
async function usedNumber({ call }: Parts, room: Id, known: number): Promise<number> {
  const last = await call("lastNumber", { params: { room } })
  return Math.max(known, last.ok ? last.value.n : 0)
}

const goingOn = (fresh: RoomMeta, before: RoomMeta): RoomMeta => {
  const { read, unread, draft, last, mentioned, pins, timer } = before
  return {
    ...fresh,
    // What was here before stays here, with a hole in it.
    from: startOf(before),
    read,
    unread,
    draft,
    ...(last ? { last } : {}),
    ...(mentioned === undefined ? {} : { mentioned }),
    ...(pins ? { pins } : {}),
    ...(timer === undefined ? {} : { timer }),
  }
}

/** What another device of this account has seen of the room is not taken back (SECURITY R5). */
export function isBehind(
  head: RoomHead & { readonly incarnation: number },
  summary: Pick<RoomSummary, "incarnation" | "seq" | "hash">,
  place: EpochPlace,
): "rolled_back" | "forked" | undefined {
  const life = head.life ?? head.incarnation
  if (summary.incarnation < life || isOlder(place, head)) return "rolled_back"
  if (summary.incarnation > life) return undefined
  if (summary.seq < head.seq) return "rolled_back"
  return summary.seq === head.seq && !sameBytes(summary.hash, head.hash) ? "forked" : undefined
}

export type Seen = Omit<EpochPlace, "seq"> & Pick<RoomHead, "life">
/**
 * What was kept goes on in a later life, so an epoch may be from any since the room began. One of a life that was not seen yet is
 * what the house has kept of it.
 */
export const isOlder = (place: Omit<Seen, "life">, seen: Seen): boolean =>
  place.incarnation < seen.incarnation ||
  (place.incarnation <= (seen.life ?? seen.incarnation) &&
    (place.generation - seen.generation || place.epoch - seen.epoch) < 0)

async function listedNow(call: Parts["call"], room: Id): Promise<RoomSummary | undefined> {
  const listed = await call("listRooms", {})
  return listed.ok ? listed.value.rooms.find((one) => one.room === room) : undefined
}

type JoinRecord = { readonly pending: PendingCommit; readonly incarnation: number }
const joinKey = (room: Id) => `join/${room}`

/** The commit is stored before it is posted, and posted again after a crash: the same bytes get the same answer. */
export async function joinByCommit(parts: Parts, summary: RoomSummary): Promise<Result<RoomMeta, Problem>> {
  const { store, crypto, me, call, history, clock } = parts
  const { room } = summary
  const lives = await livesFor(parts, room, summary.incarnation)
  if (!lives.ok) {
    if (lives.error !== "forged") return err(lives.error)
    parts.alarm("bad_signature", room)
    return err({ kind: "commit_refused" })
  }
  let record = await store.get<JoinRecord>(joinKey(room))
  if (!record) {
    const number = async () => (await usedNumber(parts, room, 0)) + 1
    const head = await parts.knownHead(room)
    // What was listed before may be older than what another device has noted since.
    const shown = head && head.seq > summary.seq ? ((await listedNow(call, room)) ?? summary) : summary
    const fits = (judged: Judged, place: EpochPlace) => {
      const back = head && isBehind(head, shown, place)
      if (back) parts.alarm(back, room)
      return !back && acceptable(judged, me, parts.knownIdentity)
    }
    const made = await makeExternal(crypto, me, call, room, number, undefined, fits, clock)
    if (!made.ok) return made.error.kind === "unattested" ? err({ kind: "unavailable" }) : err(made.error)
    record = made.value
    await store.write([{ put: joinKey(room), value: record }], "strict")
  }
  const { pending } = record
  const posted = await postPending(call, room, pending)
  if (!posted.ok) {
    if (posted.error.kind !== "offline") await store.write([{ drop: joinKey(room) }])
    return posted
  }
  const { placed } = posted.value
  const group = crypto.room.decode(me, room, pending.nextGeneration, pending.next, [])
  if (!group) throw new Error("a commit of our own cannot be read back")
  const standing = summary.state === "frozen" ? "frozen" : summary.state === "pending" ? "pending" : "open"
  const place = { ...placed, ...lives.value, time: placed.time || clock() }
  const meta: RoomMeta = {
    ...freshMeta(group, me.user, place, standing, pending.n),
    ...(pending.unattested ? { unattested: true } : {}),
    ...ownPast(summary, placed.seq),
  }
  const entry: HistoryEntry = {
    seq: placed.seq,
    generation: group.generation,
    kind: 1,
    device: me.device,
    n: pending.n,
    time: placed.time,
    hash: placed.hash,
    user: me.user,
    item: { type: "here", first: true },
  }
  const kept = await history.add(room, meta.incarnation, [entry])
  await store.write([...freshRoomWrites(crypto, meta, group), ...kept, { drop: joinKey(room) }], "strict")
  return ok(meta)
}
