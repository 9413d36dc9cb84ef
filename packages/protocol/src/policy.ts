/**
 * Who a room belongs to and who may do what: an extension of the MLS GroupContext (RFC 9420 section 11.1), so that it
 * is agreed on with the epoch and every member sees the same. It holds ids and rules only; names, pictures and
 * announcements are content. It changes only by a commit with a path, judged by the state before it (SECURITY R4).
 *
 * direct: exactly the two ids in `users`, for ever; the policy never changes.
 * self:   exactly the one id in `users`; the policy never changes.
 * group:  `owner` and `admins` have roles; `users` is empty, membership is the tree.
 */
import * as z from "zod/mini"
import { type Id, idRaw } from "./ids.ts"
import { pack, unpack } from "./pack.ts"
import { PAST_ALL_DAYS } from "./past.ts"

/** In the private-use range of RFC 9420 section 17.3. */
export const ROOM_POLICY_EXTENSION = 0xf7ea
export const POLICY_MAX_BYTES = 64 * 1024

export const roomKind = z.enum(["direct", "group", "self"])
export type RoomKind = z.infer<typeof roomKind>

export const LINKS_MAX = 32
export const BANS_MAX = 1000
/** As many as a room can have devices. */
export const LINK_USES_MAX = 1000

const ids = (max: number) => z.array(idRaw).check(z.maxLength(max))

/**
 * A join link (SECURITY "Links", join-proof.ts). `expires` is for the house and whoever commits to heed, in ms UTC: the judge
 * has no clock. `uses` is how many people it still lets in; each of them takes one, in the commit that adds them.
 */
const link = z.strictObject({
  id: idRaw,
  key: z.custom<Uint8Array>((v) => v instanceof Uint8Array && v.length === 32),
  expires: z.int().check(z.nonnegative()),
  uses: z.int().check(z.minimum(0), z.maximum(LINK_USES_MAX)),
  approval: z.boolean(),
})

const schema = z.strictObject({
  version: z.literal(1),
  kind: roomKind,
  users: ids(2),
  owner: z.nullable(idRaw),
  admins: ids(100),
  /** Who may add people, and who may remove them. Devices of a member always come and go by themselves. */
  add: z.enum(["everyone", "admins"]),
  remove: z.enum(["admins"]),
  links: z.array(link).check(z.maxLength(LINKS_MAX)),
  bans: ids(BANS_MAX),
  history: z.enum(["none", "days", "all"]),
  historyDays: z.int().check(z.minimum(0), z.maximum(PAST_ALL_DAYS)),
})
export type RoomPolicy = z.infer<typeof schema>
export type JoinLink = RoomPolicy["links"][number]

export const encodePolicy = (policy: RoomPolicy): Uint8Array => pack(z.encode(schema, policy))

export function decodePolicy(bytes: Uint8Array): RoomPolicy | undefined {
  const value = unpack(bytes, POLICY_MAX_BYTES)
  if (!value.ok) return undefined
  const parsed = z.safeDecode(schema, value.value as z.input<typeof schema>)
  return parsed.success && consistent(parsed.data) ? parsed.data : undefined
}

function consistent(p: RoomPolicy): boolean {
  const distinct = (list: readonly Id[]) => new Set(list).size === list.length
  if (!distinct(p.links.map((l) => l.id))) return false
  if (!distinct(p.users) || !distinct(p.admins) || !distinct(p.bans)) return false
  if (p.kind === "group") return p.users.length === 0 && p.owner !== null && !p.admins.includes(p.owner)
  const plain = p.owner === null && p.admins.length === 0 && p.links.length === 0 && p.bans.length === 0
  return plain && p.users.length === (p.kind === "direct" ? 2 : 1)
}

const base = {
  version: 1,
  admins: [],
  remove: "admins",
  links: [],
  bans: [],
  history: "none",
  historyDays: 0,
} as const
const fresh = () => ({ ...base, admins: [], links: [], bans: [] })

export const directPolicy = (a: Id, b: Id): RoomPolicy => ({
  ...fresh(),
  kind: "direct",
  users: [a, b].sort() as Id[],
  owner: null,
  add: "everyone",
})
export const selfPolicy = (user: Id): RoomPolicy => ({
  ...fresh(),
  kind: "self",
  users: [user],
  owner: null,
  add: "everyone",
})
export const groupPolicy = (owner: Id): RoomPolicy => ({
  ...fresh(),
  kind: "group",
  users: [],
  owner,
  add: "everyone",
})

/** How much of a room's past is for those who come in, in days; 0: nothing. */
export const pastDays = ({ history, historyDays }: Pick<RoomPolicy, "history" | "historyDays">): number =>
  history === "none" ? 0 : history === "all" ? PAST_ALL_DAYS : historyDays
export const withPast = (policy: RoomPolicy, days: number): RoomPolicy =>
  days === 0 || days >= PAST_ALL_DAYS
    ? { ...policy, history: days === 0 ? "none" : "all", historyDays: 0 }
    : { ...policy, history: "days", historyDays: days }

export type Role = "owner" | "admin" | "member"
export const roleOf = (policy: RoomPolicy, user: Id): Role =>
  policy.owner === user ? "owner" : policy.admins.includes(user) ? "admin" : "member"
