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

/** In the private-use range of RFC 9420 section 17.3. */
export const ROOM_POLICY_EXTENSION = 0xf7ea
export const POLICY_MAX_BYTES = 64 * 1024

export const roomKind = z.enum(["direct", "group", "self"])
export type RoomKind = z.infer<typeof roomKind>

const ids = (max: number) => z.array(idRaw).check(z.maxLength(max))

/** A join link (SECURITY "Links"); the format is fixed now, links come later. */
const link = z.strictObject({
  id: idRaw,
  key: z.custom<Uint8Array>((v) => v instanceof Uint8Array && v.length === 32),
  expires: z.int(),
  uses: z.int(),
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
  links: z.array(link).check(z.maxLength(32)),
  bans: ids(1000),
  history: z.enum(["none", "days", "all"]),
  historyDays: z.int().check(z.minimum(0), z.maximum(36_500)),
})
export type RoomPolicy = z.infer<typeof schema>

export const encodePolicy = (policy: RoomPolicy): Uint8Array => pack(z.encode(schema, policy))

export function decodePolicy(bytes: Uint8Array): RoomPolicy | undefined {
  const value = unpack(bytes, POLICY_MAX_BYTES)
  if (!value.ok) return undefined
  const parsed = z.safeDecode(schema, value.value as z.input<typeof schema>)
  return parsed.success && consistent(parsed.data) ? parsed.data : undefined
}

function consistent(p: RoomPolicy): boolean {
  const distinct = (list: readonly Id[]) => new Set(list).size === list.length
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

export type Role = "owner" | "admin" | "member"
export const roleOf = (policy: RoomPolicy, user: Id): Role =>
  policy.owner === user ? "owner" : policy.admins.includes(user) ? "admin" : "member"
