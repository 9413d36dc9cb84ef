/** Rooms: opening them, changing who is in them, and reading their log other than live. */
import * as z from "zod/mini"
import { attestation } from "../attestation.ts"
import { entryKind } from "../entry.ts"
import { base64, hash32, position, text, time } from "../fields.ts"
import { idText } from "../ids.ts"
import { roomIncarnation } from "../incarnation.ts"
import { limits } from "../limits.ts"
import { NOTICE_MAX_BYTES } from "../notice.ts"
import { roomKind } from "../policy.ts"
import { route } from "./route.ts"

const mls = base64(1, limits.commitRequestBytes)

/** A commit with what must become true together with it. */
export const commitBundle = z.strictObject({
  n: position,
  /** MLSMessage mls_public_message. */
  commit: mls,
  /** MLSMessage mls_group_info of the next epoch, with tree and external_pub. */
  groupInfo: mls,
  /** MLSMessage mls_welcome; present exactly where the commit adds somebody. */
  welcome: z.optional(mls),
})
export type CommitBundle = z.infer<typeof commitBundle>

/**
 * A new room's generation 0: `opening` is the MLSMessage mls_group_info of epoch 0 (the maker's device alone) and
 * becomes entry 1, posted as number `n`; `first`, if there is one, becomes entry 2. Its number is higher.
 */
export const newRoom = z.strictObject({
  room: idText,
  n: position,
  opening: mls,
  first: z.optional(commitBundle),
})
export type NewRoom = z.infer<typeof newRoom>

export const placed = z.strictObject({ seq: position, time, hash: hash32, incarnation: position })
export type Placed = z.infer<typeof placed>

export const roomSummary = z.strictObject({
  room: idText,
  kind: roomKind,
  /** `pending`: a friend request that waits for its answer. */
  state: z.enum(["pending", "open", "frozen"]),
  incarnation: position,
  generation: position,
  epoch: position,
  seq: position,
  hash: hash32,
  /** Whether this session's device has a leaf; if not, it may join by external commit. */
  joined: z.boolean(),
  /** From where on its log is this account's to read. */
  since: position,
  members: z
    .array(z.strictObject({ user: idText, username: text(1, 128), devices: z.array(idText) }))
    .check(z.maxLength(limits.roomDevices)),
})
export type RoomSummary = z.infer<typeof roomSummary>

/** All rooms on whose roster this user is. */
export const listRooms = route({
  method: "GET",
  path: "/rooms",
  access: "device",
  request: undefined,
  response: z.strictObject({ rooms: z.array(roomSummary) }),
})

/** A group or the room with oneself; a direct room begins as a friend request. */
export const createRoom = route({
  method: "POST",
  path: "/rooms",
  access: "device",
  request: newRoom,
  response: z.strictObject({ placed }),
  maxBytes: limits.commitRequestBytes,
})

export const groupInfo = route({
  method: "GET",
  path: "/rooms/:room/group-info",
  access: "device",
  request: undefined,
  response: z.strictObject({
    incarnation: position,
    generation: position,
    epoch: position,
    /** The entry that made this epoch, and the chain up to it. */
    seq: position,
    hash: hash32,
    groupInfo: mls,
    attestations: z.array(attestation).check(z.maxLength(16)),
    /** The notices by which those go who are still to be removed: nobody sends before. */
    leaving: z.array(base64(1, NOTICE_MAX_BYTES)).check(z.maxLength(limits.noticesShown)),
    /** Since when this epoch is current. */
    since: time,
  }),
})

/** The commit of a member, or the external commit of a member's device that is not in the tree. */
export const postCommit = route({
  method: "POST",
  path: "/rooms/:room/commits",
  access: "device",
  request: z.strictObject({ generation: position, epoch: position, ...commitBundle.shape }),
  response: z.strictObject({ placed }),
  maxBytes: limits.commitRequestBytes,
})

/**
 * The room's next generation (protocol/generation.ts). `generation` is the one that it ends, at whatever epoch; `complaint` the
 * position of a complaint of it. Who may open one, and how often: docs/contract.md 5.
 */
export const openGeneration = route({
  method: "POST",
  path: "/rooms/:room/generations",
  access: "device",
  request: z.strictObject({
    generation: position,
    n: position,
    complaint: position,
    body: mls,
  }),
  response: z.strictObject({ placed }),
  maxBytes: limits.commitRequestBytes,
})

/** A notice names the chain's last hash, so it is refused as `stale_head` when the room has moved on. */
export const postNotice = route({
  method: "POST",
  path: "/rooms/:room/notices",
  access: "device",
  request: z.strictObject({ n: position, notice: base64(1, NOTICE_MAX_BYTES) }),
  response: z.strictObject({ placed }),
})

export const attest = route({
  method: "POST",
  path: "/rooms/:room/attestations",
  access: "device",
  request: attestation,
  response: z.strictObject({}),
})

/** The highest number this device has used in the room; 0 if none. A device that lost its store goes on from it. */
export const lastNumber = route({
  method: "GET",
  path: "/rooms/:room/number",
  access: "device",
  request: undefined,
  response: z.strictObject({ n: position }),
})

/** For whoever meets an incarnation that it does not know: what the house kept each time it was restored, the newest last. */
export const roomIncarnations = route({
  method: "GET",
  path: "/rooms/:room/incarnations",
  access: "device",
  request: undefined,
  response: z.strictObject({ incarnations: z.array(roomIncarnation).check(z.maxLength(100)) }),
})

export const readLog = route({
  method: "GET",
  path: "/rooms/:room/log",
  access: "device",
  request: z.strictObject({
    after: z.coerce.number().check(z.int(), z.nonnegative()),
    limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(limits.logRangeEntries))),
  }),
  response: z.strictObject({
    incarnation: position,
    entries: z.array(
      z.strictObject({
        seq: position,
        generation: position,
        kind: entryKind,
        device: idText,
        n: position,
        time,
        body: z.nullable(base64(0, limits.commitRequestBytes)),
        bodyHash: z.optional(hash32),
        hash: hash32,
      }),
    ),
    more: z.boolean(),
  }),
})
