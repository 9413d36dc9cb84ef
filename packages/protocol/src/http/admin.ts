/**
 * Administration. None of it reaches content, keys or who is in which room: an administrator sees what the operator could count,
 * and decides who may use the house (docs/decisions/32-administration.md). Making administrators, and touching their accounts, is for
 * the command line of the house's own machine alone.
 *
 * A table of its own, so that who is no administrator loads none of it.
 */
import * as z from "zod/mini"
import { count, key32, position, text, time } from "../fields.ts"
import { idText } from "../ids.ts"
import { route } from "./route.ts"

export const ADMIN_PAGE = 50
export const INVITE_USES_MAX = 1_000
/** An invitation lives at most so long (ms). */
export const INVITE_LIFE_MAX = 365 * 86_400_000
/** Bytes; as large as any disk, and still a whole number in a double. */
export const QUOTA_MAX = 2 ** 50

const nothing = z.strictObject({})
const number = z.coerce.number().check(z.int(), z.nonnegative())
const name = text(1, 128)

/** Whether this session's account is an administrator: for whoever draws the door. */
export const amAdmin = route({
  method: "GET",
  path: "/admin/me",
  access: "device",
  request: undefined,
  response: z.strictObject({ admin: z.boolean() }),
})

export const adminUser = z.strictObject({
  user: idText,
  username: name,
  admin: z.boolean(),
  /** Since when (ms UTC); 0: not. */
  disabled: time,
  mustRecover: z.boolean(),
  created: time,
  devices: count,
  /** When one of its devices last came or went; 0: never. */
  seen: time,
  /** Bytes of ciphertext: files, and how many it may have (null: as everybody); history. */
  files: count,
  quota: z.nullable(count),
  history: count,
})
export type AdminUser = z.infer<typeof adminUser>

/** By name; `search`: a part of the name. `after`: the last name of the page before. */
export const adminUsers = route({
  method: "GET",
  path: "/admin/users",
  access: "admin",
  request: z.strictObject({ search: z.optional(name), after: z.optional(name) }),
  response: z.strictObject({
    users: z.array(adminUser).check(z.maxLength(ADMIN_PAGE)),
    more: z.boolean(),
    /** Bytes that an account may have where nothing else is said of it. */
    quota: count,
  }),
})

const about = <const P extends string>(act: P) =>
  ({ method: "POST", path: `/admin/users/:user/${act}`, access: "admin", response: nothing }) as const

/** Its sessions end, and no way of signing in opens a new one. `protected_account` for administrators. */
export const adminDisable = route({ ...about("disable"), request: nothing })
export const adminEnable = route({ ...about("enable"), request: nothing })
/** Its sessions end, and the password opens nothing until the recovery code has set a new one. */
export const adminReset = route({ ...about("reset"), request: nothing })
/** null: as everybody. What is there already stays. */
export const adminQuota = route({
  ...about("quota"),
  request: z.strictObject({ bytes: z.nullable(z.int().check(z.nonnegative(), z.maximum(QUOTA_MAX))) }),
})

export const adminInvite = z.strictObject({
  /** The first half of its token's hash: it names the invitation and opens nothing. */
  invite: idText,
  /** Whoever uses it becomes an administrator: the first link of a house. */
  admin: z.boolean(),
  created: time,
  uses: count,
  used: count,
  /** ms UTC; 0: never. */
  expires: time,
  /** ms UTC; 0: not. */
  revoked: time,
})
export type AdminInvite = z.infer<typeof adminInvite>

/** Newest first; those that are over stay for thirty days. */
export const adminInvites = route({
  method: "GET",
  path: "/admin/invites",
  access: "admin",
  request: undefined,
  response: z.strictObject({ invites: z.array(adminInvite).check(z.maxLength(1000)) }),
})

/** `code` is said once: the house keeps its hash. */
export const adminCreateInvite = route({
  method: "POST",
  path: "/admin/invites",
  access: "admin",
  request: z.strictObject({
    uses: z.int().check(z.minimum(1), z.maximum(INVITE_USES_MAX)),
    /** Milliseconds from now. */
    life: z.int().check(z.minimum(60_000), z.maximum(INVITE_LIFE_MAX)),
  }),
  response: z.strictObject({ invite: idText, code: key32, expires: time }),
})

export const adminRevokeInvite = route({
  method: "POST",
  path: "/admin/invites/:invite/revoke",
  access: "admin",
  request: nothing,
  response: nothing,
})

/** Counts alone: no name (the house has none), and not who is in it. */
export const adminRoom = z.strictObject({
  room: idText,
  kind: z.enum(["direct", "group", "self"]),
  state: z.enum(["pending", "open", "frozen"]),
  members: count,
  devices: count,
  entries: count,
  /** Of its log. */
  bytes: count,
  created: time,
  last: time,
})
export type AdminRoom = z.infer<typeof adminRoom>

/** Those with most entries first. */
export const adminRooms = route({
  method: "GET",
  path: "/admin/rooms",
  access: "admin",
  request: z.strictObject({ skip: z.optional(number) }),
  response: z.strictObject({ rooms: z.array(adminRoom).check(z.maxLength(ADMIN_PAGE)), more: z.boolean() }),
})

export const adminStats = route({
  method: "GET",
  path: "/admin/stats",
  access: "admin",
  request: undefined,
  response: z.strictObject({
    accounts: count,
    admins: count,
    disabled: count,
    devices: count,
    sessions: count,
    direct: count,
    groups: count,
    entries: count,
    files: count,
    fileBytes: count,
    historyBytes: count,
  }),
})
export type AdminStats = z.infer<typeof adminStats.response>

/** Of the node that answers. Counters since it was started; null: not known there. */
export const adminLive = route({
  method: "GET",
  path: "/admin/live",
  access: "admin",
  request: undefined,
  response: z.strictObject({
    node: idText,
    time,
    connections: count,
    messages: z.nullable(count),
    deliveries: z.nullable(count),
    /** Milliseconds from a message's arrival to its answer, of 99 in 100 of the last minute. */
    p99: z.nullable(z.number().check(z.nonnegative())),
    /** Bytes: of the process; of the disk with the data folder. */
    memory: count,
    disk: z.nullable(z.strictObject({ free: count, size: count })),
  }),
})
export type AdminLive = z.infer<typeof adminLive.response>

export const adminActs = [
  "first",
  "disable",
  "enable",
  "reset",
  "quota",
  "grant",
  "revoke",
  "invite",
  "revoke_invite",
] as const
export type AdminAct = (typeof adminActs)[number]

/**
 * What was done, by whom (null: on the house's own machine; of `first`, nobody: they came first), and on whom, or on which
 * invitation. Usernames are nobody else's ever.
 */
export const auditRow = z.strictObject({
  seq: position,
  time,
  by: z.nullable(name),
  act: z.enum(adminActs),
  on: name,
  uses: z.optional(count),
  expires: z.optional(time),
  /** null: as everybody. */
  bytes: z.optional(z.nullable(count)),
})
export type AuditRow = z.infer<typeof auditRow>

/** Newest first, older than `before`. */
export const adminAudit = route({
  method: "GET",
  path: "/admin/audit",
  access: "admin",
  request: z.strictObject({ before: z.optional(number) }),
  response: z.strictObject({ acts: z.array(auditRow).check(z.maxLength(ADMIN_PAGE)), more: z.boolean() }),
})

/** Every route of administration, by name, mounted beside those of http.ts. */
export const adminRoutes = {
  amAdmin,
  adminUsers,
  adminDisable,
  adminEnable,
  adminReset,
  adminQuota,
  adminInvites,
  adminCreateInvite,
  adminRevokeInvite,
  adminRooms,
  adminStats,
  adminLive,
  adminAudit,
} as const
export type AdminRoutes = typeof adminRoutes
export type AdminRouteName = keyof AdminRoutes
