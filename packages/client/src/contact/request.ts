/**
 * Asking somebody to be a friend is inviting them to a private room: the room, the first commit that adds all devices of
 * both, the welcome and the sealed first lines go in one request. It is stored before it is sent and sent again as it is
 * (the same key packages, the same bytes), until there is an answer.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { generationOf } from "@teahouse/protocol/certificate.ts"
import { CHAIN_START } from "@teahouse/protocol/chain.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import type { ClaimedKeyPackage } from "@teahouse/protocol/http/device.ts"
import type { NewRoom } from "@teahouse/protocol/http/room.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { directPolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { ofNewest } from "../account/key-packages.ts"
import type { FirstLine } from "../content/first-line.ts"
import type { Problem } from "../problem.ts"
import { freshMeta } from "../room/fresh.ts"
import { freshRoomWrites } from "../room/load.ts"
import type { Rooms } from "../room/rooms.ts"
import type { ContactParts } from "./contacts.ts"
import { sealLines } from "./first-lines.ts"
import { ATTEMPTS } from "./waiting.ts"

type Attempt = {
  readonly to: Id
  readonly room?: NewRoom
  readonly lines: readonly { readonly device: Id; readonly sealed: Uint8Array }[]
  /** The group after the first commit, encoded. */
  readonly next?: Uint8Array
}
const keyOf = (user: Id) => ATTEMPTS + user
/** For somebody without keys: how often they are looked for, and how long between. */
const LOOKS = 5
const LOOK_AGAIN_MS = 1_500

export type RequestParts = ContactParts & {
  readonly rooms: Rooms
  readonly clock: () => number
  readonly pause: (ms: number) => Promise<void>
  /** This person's own name and profile key. */
  readonly profile: () => Promise<{
    readonly nickname: string
    readonly key: Uint8Array
    /** Of the newest that the house has; 0: none. */
    readonly version: number
  }>
}
export type Asked = { readonly kind: "asked" } | { readonly kind: "waiting"; readonly request: Id }

export async function requestFriend(
  parts: RequestParts,
  username: string,
  line: string,
): Promise<Result<Asked, Problem>> {
  const { store, people } = parts
  const found = await find(parts, username)
  if (!found.ok) return found
  const { user, packages, room } = found.value
  const asked = normalizeUsername(username)
  await people.learn(user, { username: found.value.username })
  const known = people.get(user)?.certified
  // The house names somebody else than was asked for, or the same person by a name that they never signed.
  if (found.value.username !== asked || (known !== undefined && known !== asked)) {
    people.differs()
    return err({ kind: "identity_changed" })
  }
  let attempt = await store.get<Attempt>(keyOf(user))
  if (!attempt || (attempt.room === undefined) !== (room !== null)) {
    const made = await makeAttempt(parts, user, asked, packages, room, line)
    if (!made.ok) return made
    attempt = made.value
    await store.write([{ put: keyOf(user), value: attempt }], "strict")
  }
  return sendAttempt(parts, attempt)
}

/** Whoever has just made an account publishes keys a moment later. */
async function find({ call, pause }: RequestParts, username: string) {
  for (let look = 1; ; look++) {
    const found = await call("findUser", { request: { username } })
    if (found.ok || found.error.kind !== "no_key_package" || look === LOOKS) return found
    await pause(LOOK_AGAIN_MS)
  }
}

/** Requests whose answer was lost. */
export async function resumeAttempts(parts: RequestParts): Promise<void> {
  for (const { value } of await parts.store.range<Attempt>(ATTEMPTS)) await sendAttempt(parts, value)
}

async function makeAttempt(
  parts: RequestParts,
  user: Id,
  username: string,
  packages: readonly ClaimedKeyPackage[],
  existing: Id | null,
  line: string,
): Promise<Result<Attempt, Problem>> {
  const { crypto, me, call, people, clock } = parts
  const now = clock()
  const check = ({ device, keyPackage }: ClaimedKeyPackage, whose: Id) =>
    crypto.device.checkKeyPackage(keyPackage, { house: me.house, user: whose, device, now })
  let uik = people.pinned(user)
  let bot = false
  const theirs: (ClaimedKeyPackage & { n: number })[] = []
  for (const one of packages) {
    const checked = await check(one, user)
    if (!checked.ok) return err({ kind: "invalid_key_package" })
    if (uik && !sameBytes(uik, checked.value.leaf.uik)) return err({ kind: "identity_changed" })
    if (checked.value.leaf.username !== username) {
      people.differs()
      return err({ kind: "identity_changed" })
    }
    uik ??= checked.value.leaf.uik
    bot = checked.value.leaf.kind === "bot"
    theirs.push({ ...one, n: checked.value.leaf.n })
  }
  if (uik) await people.learn(user, { uik, ...(packages.length > 0 ? { certified: username, bot } : {}) })
  const { nickname, key } = await parts.profile()
  const said: Omit<FirstLine, "v"> = { line, nickname, key }
  if (existing) return ok({ to: user, lines: await sealLines(crypto, me, existing, packages, user, said) })
  if (packages.length === 0) return err({ kind: "no_key_package" })

  const room = newId((length) => crypto.sealed.randomBytes(length))
  const own = await call("claimKeyPackages", { params: { user: me.user }, request: {} })
  if (!own.ok) return own
  const { room: alone, opening } = await crypto.room.create(me, room, 0, directPolicy(me.user, user))
  const others: ClaimedKeyPackage[] = []
  for (const one of own.value.packages) {
    const checked = one.device === me.device ? undefined : await check(one, me.user)
    if (checked?.ok && checked.value.leaf.n === generationOf(me.certificate)) others.push(one)
  }
  const commit = await crypto.room.commit(alone, {
    add: [...ofNewest(theirs), ...others].map((one) => one.keyPackage),
    data: encodeCommitData({ seen: { seq: 0, hash: CHAIN_START }, proofs: [] }),
  })
  if (!commit.ok) return err({ kind: "invalid_key_package" })
  const { value: bundle } = commit
  const first = {
    n: 2,
    commit: bundle.commit,
    groupInfo: bundle.groupInfo,
    ...(bundle.welcome ? { welcome: bundle.welcome } : {}),
  }
  return ok({
    to: user,
    room: { room, n: 1, opening, first },
    lines: await sealLines(crypto, me, room, packages, user, said),
    next: crypto.room.encode(bundle.next),
  })
}

/** What will never be taken is dropped; anything else is tried again as it is. */
const final = new Set<Problem["kind"]>([
  "request_waiting",
  "already_friends",
  "already_requested",
  "invalid_key_package",
  "commit_refused",
  "version_conflict",
  "unknown_room",
  "id_taken",
  "blocked",
  "malformed",
  "unknown_user",
  "no_key_package",
])

async function sendAttempt(parts: RequestParts, attempt: Attempt): Promise<Result<Asked, Problem>> {
  const { store, call } = parts
  const { to, room, lines } = attempt
  const sent = await call("sendRequest", { request: { to, lines: [...lines], ...(room ? { room } : {}) } })
  if (!sent.ok) {
    const { error } = sent
    if (final.has(error.kind)) await store.write([{ drop: keyOf(to) }])
    const waiting = "detail" in error ? error.detail?.request : undefined
    if (error.kind === "request_waiting" && typeof waiting === "string")
      return ok({ kind: "waiting", request: waiting as Id })
    return sent
  }
  await adoptRoom(parts, attempt, sent.value.placed)
  await store.write([{ drop: keyOf(to) }])
  return ok({ kind: "asked" })
}

async function adoptRoom(
  { crypto, me, rooms }: RequestParts,
  { room, next }: Attempt,
  placed: { seq: number; hash: Uint8Array; incarnation: number; time: number } | undefined,
) {
  if (!room || !next || !placed || rooms.get(room.room)) return
  const group = crypto.room.decode(me, room.room, 0, next, [])
  if (!group) throw new Error("a room of our own cannot be read back")
  const meta = freshMeta(group, me.user, placed, "pending", room.first?.n ?? room.n)
  await rooms.adopt(meta, freshRoomWrites(crypto, meta, group))
}
