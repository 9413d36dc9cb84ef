/**
 * A new group: its room, the first commit that adds everybody's devices and the welcome go in one request. Like a friend
 * request it is stored before it is sent and sent again as it is, until there is an answer; then the card is said in it.
 * More devices than one commit can add follow in commits of their own (grow.ts).
 */
import { usersOf } from "@teahouse/judge/state.ts"
import { CHAIN_START } from "@teahouse/protocol/chain.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { errors } from "@teahouse/protocol/error.ts"
import type { NewRoom } from "@teahouse/protocol/http/room.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { AnswerParts } from "../contact/answer.ts"
import type { Card } from "../content/card.ts"
import { cleanName, NAME_MAX } from "../content/name.ts"
import type { Problem } from "../problem.ts"
import { freshMeta } from "../room/fresh.ts"
import { freshRoomWrites } from "../room/load.ts"
import { keys } from "../room/records.ts"
import { growGroup, resumeGrowing } from "./grow.ts"
import { claimGuest, type Guest } from "./packages.ts"
import { ATTEMPTS } from "./waiting.ts"

type Attempt = {
  readonly name: string
  readonly members: readonly Id[]
  readonly room: NewRoom
  /** The group as it is after this request, encoded. */
  readonly next: Uint8Array
}

export function checkName(given: string): Result<string, Problem> {
  const name = cleanName(given)
  return name.length > 0 && name.length <= NAME_MAX ? ok(name) : err({ kind: "bad_group_name" })
}

export async function createGroup(
  parts: AnswerParts,
  given: { readonly name: string; readonly members: readonly Id[] },
): Promise<Result<{ readonly room: Id }, Problem>> {
  const name = checkName(given.name)
  if (!name.ok) return name
  const members = [...new Set(given.members)].filter((user) => user !== parts.me.user)
  // Everybody has a device at least. That many more are too many shows while the group grows.
  if (members.length + 1 > limits.roomDevices) return err({ kind: "room_full" })
  // Asked for before, and the answer was lost: not a second group.
  const waiting = (await parts.store.range<Attempt>(ATTEMPTS)).find(
    ({ value }) =>
      value.name === name.value && [...value.members].sort().join() === [...members].sort().join(),
  )
  if (waiting) return finish(parts, waiting.value)
  const made = await makeAttempt(parts, name.value, members)
  if (!made.ok) return made
  await parts.store.write([{ put: keys.attempt(made.value.room.room), value: made.value }], "strict")
  return finish(parts, made.value)
}

/** Groups whose answer was lost. */
export async function resumeGroups(parts: AnswerParts): Promise<void> {
  for (const { value } of await parts.store.range<Attempt>(ATTEMPTS)) await finish(parts, value)
  await resumeGrowing(parts)
}

async function makeAttempt(
  parts: AnswerParts,
  name: string,
  members: readonly Id[],
): Promise<Result<Attempt, Problem>> {
  const { crypto, me } = parts
  const guests: Guest[] = []
  let count = 0
  for (const user of [me.user, ...members]) {
    const guest = await claimGuest(parts, user)
    if (!guest.ok) return guest
    // Whoever does not fit any more comes with the next commit.
    if (count + guest.value.devices.length > limits.addsPerCommit) break
    count += guest.value.devices.length
    guests.push(guest.value)
  }
  const room = newId((length) => crypto.sealed.randomBytes(length))
  const { room: alone, opening } = await crypto.room.create(me, room, 0, groupPolicy(me.user))
  const add = guests.flatMap(({ devices }) => devices.map((one) => one.keyPackage))
  if (add.length === 0)
    return ok({ name, members, room: { room, n: 1, opening }, next: crypto.room.encode(alone) })
  const data = encodeCommitData({ seen: { seq: 0, hash: CHAIN_START }, proofs: [] })
  const commit = await crypto.room.commit(alone, { add, data })
  if (!commit.ok) return err({ kind: "invalid_key_package" })
  const { commit: bytes, groupInfo, welcome, next } = commit.value
  const first = { n: 2, commit: bytes, groupInfo, ...(welcome ? { welcome } : {}) }
  return ok({ name, members, room: { room, n: 1, opening, first }, next: crypto.room.encode(next) })
}

async function finish(parts: AnswerParts, attempt: Attempt): Promise<Result<{ readonly room: Id }, Problem>> {
  const { store, call, rooms, crypto, me } = parts
  const { room, n, first } = attempt.room
  const created = await call("createRoom", { request: attempt.room })
  if (!created.ok) {
    const { kind } = created.error
    if (kind !== "offline" && errors[kind].retry !== "later")
      await store.write([{ drop: keys.attempt(room) }])
    return created
  }
  const { name } = attempt
  if (!rooms.get(room)) {
    const group = crypto.room.decode(me, room, 0, attempt.next, [])
    if (!group) throw new Error("a group of our own cannot be read back")
    const fresh = freshMeta(group, me.user, created.value.placed, "open", first?.n ?? n)
    const meta = { ...fresh, card: { name, announcement: "", seq: 0 } satisfies Card }
    await rooms.adopt(meta, freshRoomWrites(crypto, meta, group))
  }
  const actor = rooms.get(room)
  const said = actor?.state()
  if (said && !said.meta.card?.seq && !said.outbox.some((item) => item.draft.kind === "card"))
    await actor?.post({ kind: "card", name, announcement: "", what: "created" })
  const present = usersOf(said?.group?.judged.leaves ?? [])
  if (attempt.members.every((user) => present.has(user))) await store.write([{ drop: keys.attempt(room) }])
  else growGroup(parts, room, keys.attempt(room))
  return ok({ room })
}
