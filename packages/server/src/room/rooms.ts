/**
 * Rooms, for the HTTP endpoints: opening them, changing who is in them, reading them. A write of another family that does
 * something to a room in the same transaction (a friend request, its acceptance) takes the arguments from `prepare.ts`,
 * calls the write function of `writes/` inside its own, and afterwards says `opened` or `noticed` here.
 */
import { type Attestation, attestationBytes } from "@teahouse/protocol/attestation.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { type EntryKind, entryKinds } from "@teahouse/protocol/entry.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import type { CommitBundle, NewRoom, Placed } from "@teahouse/protocol/http/room.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { RoomIncarnation } from "@teahouse/protocol/incarnation.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import { decodeNotice } from "@teahouse/protocol/notice.ts"
import { type RoomPolicy, roleOf } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { botsForbid, isBot } from "../bot/find.ts"
import { type Bus, HOUSE_TOPIC, roomTopic, type Topic } from "../bus/port.ts"
import { mayReach } from "../contact/rooms.ts"
import { type Share, sharesNothing } from "../ops/shared-rates.ts"
import type { Fanout } from "./fanout.ts"
import { createJoins, objectionTo } from "./joins.ts"
import { membership, roomStates } from "./log.ts"
import { isOnRoster, madeSince, roomSummaries, wasEverIn } from "./membership.ts"
import {
  type Actor,
  judgeBundle,
  judged,
  namesLeaves,
  type PreparedRoom,
  type PrepareParts,
  prepareGeneration,
  prepareNotice,
  prepareOpen,
  rosterOf,
} from "./prepare.ts"
import { Rate } from "./rate.ts"
import { readEntries } from "./read.ts"
import { createStates } from "./states.ts"
import { headOf, lastNumber } from "./tail.ts"
import type { CommitArgs } from "./writes/commit.ts"
import { enteringOf } from "./writes/known.ts"
import type { NoticeArgs } from "./writes/notice.ts"
import type { OpenArgs } from "./writes/open.ts"
import { deviceRow, repeated, roomRow, type Written } from "./writes/place.ts"

export type RoomParts = PrepareParts & {
  readonly bus: Bus
  readonly fanout: Pick<Fanout, "tell">
  readonly limits: Limits
  /** Other nodes' measure of the same. */
  readonly share?: Share
}
export type PostedCommit = CommitBundle & { readonly generation: number; readonly epoch: number }
export type PostedGeneration = {
  readonly generation: number
  readonly n: number
  readonly complaint: number
  readonly body: Uint8Array
}
export type Rooms = ReturnType<typeof createRooms>

/** As many as are told: a house is restored a few times in its life. */
const INCARNATIONS = 100

export const placedOf = ({ seq, time, hash, incarnation }: Written): Placed => ({
  seq,
  time,
  hash,
  incarnation,
})

export function createRooms(parts: RoomParts) {
  const { db, house, judge, bus, fanout, limits, now } = parts
  const states = createStates(db, house.id, judge.open)
  const joins = createJoins({ db, house, judge, bus, states, limits, now, random: parts.random })
  const commits = new Rate(1 / limits.commitIntervalMs, limits.commitBurst)
  const used = (parts.share ?? sharesNothing)("commits", (key, count) => commits.owe(key, count, now()))

  const hint = (user: Id, topics: readonly Topic[]) =>
    bus.publish(HOUSE_TOPIC, { kind: "hint", user, topics })

  function tell(room: Id, written: Written, kind: EntryKind, device: Id, n: number, body: Uint8Array) {
    const { incarnation, generation, seq, time, hash, gone, fresh } = written
    if (fresh) fanout.tell(room, { incarnation, generation, kind, device, n, seq, time, hash, body }, gone)
  }

  /** After `openRoom` was committed. */
  function opened(args: OpenArgs, written: readonly Written[]): void {
    const bodies = [
      { n: args.n, body: args.opening },
      ...(args.first ? [{ n: args.first.n, body: args.first.commit }] : []),
    ]
    written.forEach((one, i) => {
      const { n, body } = bodies[i] ?? {}
      if (n && body) tell(args.room, one, entryKinds.commit, args.device, n, body)
    })
    if (args.state === roomStates.pending || !written.some((one) => one.fresh)) return
    for (const user of new Set(args.first?.roster.map((leaf) => leaf.user) ?? [args.user]))
      hint(user, ["welcomes", "rooms"])
  }

  /** After `notice` was committed. */
  function noticed(args: NoticeArgs, written: Written): void {
    tell(args.room, written, entryKinds.notice, args.device, args.n, args.notice)
  }

  /** After `dropRoom` was committed. */
  function dropped(room: Id): void {
    states.drop(room)
    bus.publish(roomTopic(room), { kind: "dropped", room })
  }

  /** Whether `by` may bring these users in: oneself, friends, people of common rooms. */
  async function mayBring(by: Id, users: Iterable<Id>): Promise<boolean> {
    for (const user of users) if (!(await mayReach(db, by, user))) return false
    return true
  }

  async function openRoom(newRoom: NewRoom, by: Actor): Promise<Result<Placed, Refusal>> {
    const made = await madeSince(db, by.user, now() - DAY_MS)
    if (made >= limits.roomsPerDay && !(await roomRow(db.read, newRoom.room)))
      return err(refuse("rate_limited", { retryAfterMs: HOUR_MS }))
    const prepared = await prepareOpen(parts, newRoom, by, "open")
    if (!prepared.ok) return prepared
    const { args, policy, users } = prepared.value
    // Two people meet by a request and its acceptance only.
    if (policy.kind !== "self" && (await isBot(db, by.user))) return err(refuse("not_for_bots"))
    const forbidden = await botsForbid(db, by.user, users)
    if (forbidden) return err(forbidden)
    if (policy.kind === "direct" || !(await mayBring(by.user, users))) return err(refuse("not_friends"))
    const result = await db.write("room.open", args)
    if (!result.ok) return result
    opened(args, result.value.written)
    return ok(placedOf(result.value.written.at(-1) as Written))
  }

  /** Whether this device is or was in the room, or its user is. */
  const concerns = async (room: Id, by: Actor): Promise<boolean> =>
    (await isOnRoster(db, room, by.user)) || (await deviceRow(db.read, room, by.device)) !== undefined

  async function postCommit(room: Id, posted: PostedCommit, by: Actor): Promise<Result<Placed, Refusal>> {
    const { n, generation, epoch, commit } = posted
    if (n < 1) return err(refuse("malformed"))
    const row = await roomRow(db.read, room)
    if (!row || !(await concerns(room, by))) return err(refuse("unknown_room"))
    const own = await deviceRow(db.read, room, by.device)
    const before = await repeated(db.read, own, n, { kind: entryKinds.commit, body: commit })
    if (before) return before.ok ? ok(placedOf(before.value)) : before
    if (row.generation !== generation || row.epoch !== epoch) return err(refuse("stale_epoch"))
    const wait = commits.take(by.device + room, 1, now())
    if (wait > 0) return err(refuse("rate_limited", { retryAfterMs: wait }))
    used(by.device + room, 1)
    const state = await states.at(room, generation, epoch)
    if (!state) return err(refuse("stale_epoch"))

    const bundle = await judgeBundle(state, posted, by, parts)
    if (!bundle.ok) return bundle
    const { advance, next } = bundle.value
    const { external, added, removed, proven, joined, policyChanged, data } = advance
    const there = new Set(state.leaves.map((leaf) => leaf.user))
    const invited = new Set(joined.map((one) => one.user))
    const strangers = new Set(
      added.map((leaf) => leaf.user).filter((user) => !there.has(user) && !invited.has(user)),
    )
    const forbidden = await botsForbid(db, by.user, strangers)
    if (forbidden) return err(forbidden)
    if (!(await mayBring(by.user, strangers))) return err(refuse("not_friends"))
    for (const one of state.policy.links) {
      const why = joined.some(({ link }) => link === one.id) ? objectionTo(one, now()) : undefined
      if (why) return err(refuse(why))
    }
    if (data.seen.seq > 0 && !(await isEntry(room, data.seen))) return err(refuse("stale_head"))

    const args: CommitArgs = {
      room,
      ...by,
      n,
      generation,
      epoch,
      commit,
      external,
      proven: proven.map((leaf) => leaf.device),
      // With a ban and its links going, too.
      removal: !external && added.length === 0 && removed.length > 0,
      roster: rosterOf(advance.next.leaves),
      entering: enteringOf([...added, advance.by]),
      joined: joined.map(({ user, device, link }) => ({
        user,
        link,
        keyPackageRef:
          advance.welcomes.find((one) => one.device === device)?.keyPackageRef ?? new Uint8Array(),
      })),
      next,
      now: now(),
      quietMs: limits.commitQuietMs,
      quietPerLeafMs: limits.commitQuietPerLeafMs,
    }
    const result = await db.write("room.commit", args)
    if (!result.ok) return result
    if (result.value.fresh) states.keep(advance.next, result.value.hash)
    tell(room, result.value, entryKinds.commit, by.device, n, commit)
    for (const one of result.value.said) noticed(one.args, one.written)
    if (row.state !== roomStates.pending)
      for (const user of new Set([...added, ...removed].map((leaf) => leaf.user)))
        hint(user, ["welcomes", "rooms"])
    if (policyChanged) await joins.rulesChanged(room)
    return ok(placedOf(result.value))
  }

  /**
   * The next generation of a room of which somebody has complained. Other commits go on meanwhile: it is judged against the
   * state that there is then, a few times over.
   */
  async function openGeneration(
    room: Id,
    posted: PostedGeneration,
    by: Actor,
  ): Promise<Result<Placed, Refusal>> {
    const { n, body } = posted
    if (n < 1) return err(refuse("malformed"))
    if (!(await concerns(room, by))) return err(refuse("unknown_room"))
    const own = await deviceRow(db.read, room, by.device)
    const before = await repeated(db.read, own, n, { kind: entryKinds.generation, body })
    if (before) return before.ok ? ok(placedOf(before.value)) : before
    const wait = commits.take(by.device + room, 1, now())
    if (wait > 0) return err(refuse("rate_limited", { retryAfterMs: wait }))
    used(by.device + room, 1)
    for (let attempt = 1; ; attempt++) {
      const result = await placeGeneration(room, posted, by)
      if (result.ok || result.error.kind !== "stale_epoch" || attempt === ATTEMPTS) return result
    }
  }

  async function placeGeneration(
    room: Id,
    posted: PostedGeneration,
    by: Actor,
  ): Promise<Result<Placed, Refusal>> {
    const row = await roomRow(db.read, room)
    if (!row) return err(refuse("unknown_room"))
    if (row.generation !== posted.generation) return err(refuse("stale_epoch"))
    const state = await states.at(room, row.generation, row.epoch)
    if (!state) return err(refuse("stale_epoch"))
    const why = await tooEarly(room, state.policy, posted, by)
    if (why) return err(why)
    const prepared = await prepareGeneration(parts, state, posted, by, limits.generationIntervalMs)
    if (!prepared.ok) return prepared
    const { args, state: next, seen } = prepared.value
    if (seen.seq < row.epoch_seq || !(await isEntry(room, seen))) return err(refuse("stale_head"))
    const result = await db.write("room.generation", args)
    if (!result.ok) return result
    if (result.value.fresh) states.keep(next, result.value.hash)
    tell(room, result.value, entryKinds.generation, by.device, posted.n, posted.body)
    for (const user of new Set(state.leaves.map((leaf) => leaf.user))) hint(user, ["rooms"])
    await joins.rulesChanged(room)
    return ok(placedOf(result.value))
  }

  /** Owner and admins answer a complaint at once; anybody else in a group only where none of them does for a day. */
  async function tooEarly(
    room: Id,
    policy: RoomPolicy,
    { generation, complaint }: PostedGeneration,
    by: Actor,
  ): Promise<Refusal | undefined> {
    const entry = await db.read
      .selectFrom("entry")
      .select(["body", "time"])
      .where("room_id", "=", idBytes(room))
      .where("seq", "=", complaint)
      .where("kind", "=", entryKinds.notice)
      .where("generation", "=", generation)
      .executeTakeFirst()
    const notice = entry?.body && decodeNotice({ house: house.id, room }, entry.body)
    if (!entry || notice?.change.kind !== "complaint") return judged("policy_forbidden")
    if (policy.kind !== "group" || roleOf(policy, by.user) !== "member") return undefined
    const wait = entry.time + limits.generationPatienceMs - now()
    return wait > 0 ? refuse("rate_limited", { retryAfterMs: Math.ceil(wait) }) : undefined
  }

  /** A head that this room has had: who names another one has been shown another log. */
  async function isEntry(
    room: Id,
    seen: { readonly seq: number; readonly hash: Uint8Array },
  ): Promise<boolean> {
    const row = await db.read
      .selectFrom("entry")
      .select("hash")
      .where("room_id", "=", idBytes(room))
      .where("seq", "=", seen.seq)
      .executeTakeFirst()
    return row !== undefined && sameBytes(row.hash, seen.hash)
  }

  /**
   * Leaving, and complaining of an epoch that nobody vouches for. Freezing and resuming belong to friendship (contact/), where a room's state and the contact change together;
   * a device is revoked in all its rooms together (device/).
   */
  async function postNotice(
    room: Id,
    posted: { readonly n: number; readonly notice: Uint8Array },
    by: Actor,
  ): Promise<Result<Placed, Refusal>> {
    const prepared = await prepareNotice(parts, room, posted, by, ["left", "complaint"])
    if (!prepared.ok) return prepared
    const { change, args } = prepared.value
    const row = await roomRow(db.read, room)
    if (!row || (change.kind === "left" && row.kind !== GROUP)) return err(judged("policy_forbidden"))
    if (change.kind === "complaint" && (change.generation !== row.generation || change.epoch !== row.epoch))
      return err(refuse("stale_head"))
    const own = await deviceRow(db.read, room, by.device)
    const said = { kind: entryKinds.notice, body: posted.notice }
    const before = await repeated(db.read, own, posted.n, said)
    if (before) return before.ok ? ok(placedOf(before.value)) : before
    const state = await states.at(room, row.generation, row.epoch)
    if (!state) return err(refuse("stale_head"))
    if (!(await namesLeaves(state, change))) return err(judged("remove_forbidden"))
    const notice: NoticeArgs = { ...args, epoch: row.epoch }
    const result = await db.write("room.notice", notice)
    if (!result.ok) return result
    noticed(notice, result.value)
    return ok(placedOf(result.value))
  }

  async function groupInfoOf(room: Id, by: Actor) {
    const row = (await isOnRoster(db, room, by.user)) ? await roomRow(db.read, room) : undefined
    if (!row) return err(refuse("unknown_room"))
    const current = { room_id: row.id, generation: row.generation, epoch: row.epoch }
    const epoch = await db.read
      .selectFrom("room_epoch")
      .selectAll()
      .where("room_id", "=", current.room_id)
      .where("generation", "=", current.generation)
      .where("epoch", "=", current.epoch)
      .executeTakeFirst()
    // Between the two reads the room has moved on.
    if (!epoch) return err(refuse("stale_epoch"))
    const attestations = await db.read
      .selectFrom("attestation")
      .selectAll()
      .where("room_id", "=", current.room_id)
      .where("generation", "=", current.generation)
      .where("epoch", "=", current.epoch)
      .orderBy("time")
      .limit(16)
      .execute()
    const { generation, seq, hash, incarnation } = epoch
    const leaving = await db.read
      .selectFrom("entry")
      .select("body")
      .where("room_id", "=", row.id)
      .where("kind", "=", entryKinds.notice)
      .where("seq", "in", (rows) =>
        rows
          .selectFrom("room_device")
          .select("until")
          .where("room_id", "=", row.id)
          .where("member", "=", membership.leaving),
      )
      .orderBy("seq")
      .limit(limits.noticesShown)
      .execute()
    return ok({
      incarnation,
      generation,
      epoch: epoch.epoch,
      seq,
      hash,
      groupInfo: epoch.group_info,
      attestations: attestations.map((a) => ({
        device: idFrom(a.device_id),
        generation: a.generation,
        epoch: a.epoch,
        context: a.context,
        confirmationTag: a.confirmation_tag,
        externalPub: a.external_pub,
        signature: a.signature,
      })),
      leaving: leaving.flatMap(({ body }) => body ?? []),
      since: row.epoch_time,
    })
  }

  async function groupInfoAt(room: Id, generation: number, epoch: number): Promise<Uint8Array | undefined> {
    const row = await db.read
      .selectFrom("room_epoch")
      .select("group_info")
      .where("room_id", "=", idBytes(room))
      .where("generation", "=", generation)
      .where("epoch", "=", epoch)
      .executeTakeFirst()
    return row?.group_info
  }

  async function attest(room: Id, attestation: Attestation, by: Actor): Promise<Result<object, Refusal>> {
    const row = await deviceRow(db.read, room, by.device)
    if (row?.member !== membership.member) return err(refuse(row ? "not_a_member" : "unknown_room"))
    const signed = attestationBytes(room, attestation)
    const good =
      attestation.device === by.device &&
      (await verifyEd25519(row.signature_key, attestation.signature, signed))
    if (!good) return err(judged("bad_signature"))
    const { generation, epoch } = attestation
    const state = await states.at(room, generation, epoch)
    const info = await groupInfoAt(room, generation, epoch)
    const seen = state && info && judge.attestedBy(state, info)
    if (!seen) return err(refuse("stale_epoch"))
    // It may be honest and say that the house is not: but a joiner must not be shown it as a word for this state.
    if (!sameBytes(seen.context, attestation.context)) return err(judged("context_differs"))
    if (!sameBytes(seen.confirmationTag, attestation.confirmationTag)) return err(judged("tag_differs"))
    if (!sameBytes(seen.externalPub, attestation.externalPub)) return err(judged("no_external_pub"))
    return db.write("room.attest", { room, attestation, now: now() })
  }

  async function readLog(room: Id, after: number, limit: number | undefined, by: Actor) {
    const row = await deviceRow(db.read, room, by.device)
    const end = row && (await headOf(db, room))
    if (!row || !end) return err(refuse("unknown_room"))
    const to = row.member === membership.member ? end.seq : Math.min(row.until, end.seq)
    const bounds = {
      ...limits,
      logRangeEntries: Math.min(limit ?? limits.logRangeEntries, limits.logRangeEntries),
    }
    const entries = await readEntries(db, room, Math.max(after, row.since - 1), to, bounds)
    const incarnation = entries[0]?.incarnation ?? end.incarnation
    // One answer speaks of one incarnation; the next begins with the next answer.
    const same = entries.filter((entry) => entry.incarnation === incarnation)
    const last = same[same.length - 1]?.seq ?? to
    return ok({ incarnation, entries: same.map(({ incarnation: _, ...entry }) => entry), more: last < to })
  }

  async function incarnations(room: Id, by: Actor): Promise<Result<RoomIncarnation[], Refusal>> {
    // Also for a device that is about to come in.
    if (!(await wasEverIn(db, room, by.user))) return err(refuse("unknown_room"))
    const rows = await db.read
      .selectFrom("room_incarnation")
      .select(["incarnation", "previous", "seq", "hash", "time", "signature"])
      .where("room_id", "=", idBytes(room))
      .orderBy("incarnation", "desc")
      .limit(INCARNATIONS)
      .execute()
    return ok(rows.reverse())
  }

  return {
    joins,
    incarnations,
    openRoom,
    concerns,
    postCommit,
    openGeneration,
    postNotice,
    groupInfoOf,
    attest,
    readLog,
    roomSummaries: (by: Actor) => roomSummaries(db, by.user, by.device),
    lastNumber: (room: Id, by: Actor): Promise<number> => lastNumber(db, room, by.device),
    async dropRoom(room: Id): Promise<Result<object, Refusal>> {
      const result = await db.write("room.drop", { room })
      if (result.ok) dropped(room)
      return result
    },
    /** For writes of other families: see the top of this file. */
    prepareOpen: (newRoom: NewRoom, by: Actor): Promise<Result<PreparedRoom, Refusal>> =>
      prepareOpen(parts, newRoom, by, "pending"),
    prepareNotice: async (
      room: Id,
      posted: { readonly n: number; readonly notice: Uint8Array },
      by: Actor,
      kind: "frozen" | "resumed",
    ): Promise<Result<NoticeArgs, Refusal>> => {
      const prepared = await prepareNotice(parts, room, posted, by, [kind])
      return prepared.ok ? ok(prepared.value.args) : prepared
    },
    opened,
    noticed,
    dropped,
  }
}

const GROUP = 1
/** Of a generation that other commits overtake. */
const ATTEMPTS = 5
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
