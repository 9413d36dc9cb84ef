/** What the notebook's records hold. Unknown fields are dropped when a record is written again by an older client. */
import { count, position, raw, time } from "@teahouse/protocol/fields.ts"
import { idRaw } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import * as z from "zod/mini"
import { NAME_MAX, STATUS_MAX, TAG_MAX, TAGS_MAX } from "./name.ts"
import { STICKER_BYTES } from "./sticker.ts"

/** Bytes of a person's or group's picture, JPEG or WebP. */
export const PICTURE_MAX = 24 * 1024
/** Bytes of one person in a roster: id, identity key, hash of devices (roster.ts). */
export const ROSTER_ONE = 16 + 32 + 8
const name = z.string().check(z.maxLength(NAME_MAX))
const status = z.optional(z.string().check(z.maxLength(STATUS_MAX)))
const picture = z.optional(raw(1, PICTURE_MAX))

/** Name "settings". */
export const settings = z.object({
  v: z.int(),
  language: z.enum(["auto", "zh-CN", "en"]),
  theme: z.enum(["system", "light", "dark"]),
  enterSends: z.boolean(),
  /** Both are shown unless the person said no. */
  readReceipts: z.optional(z.boolean()),
  showTyping: z.optional(z.boolean()),
  nickname: name,
  status,
  picture,
  /** Of what is written, in per cent. */
  textSize: z.optional(z.int().check(z.minimum(100), z.maximum(200))),
  /** Do not disturb (minutes of the local day), and whether notifications hide what was said. */
  told: z.optional(
    z.object({
      quiet: z.enum(["off", "on", "hours"]),
      quietFrom: z.int().check(z.minimum(0), z.maximum(1439)),
      quietTo: z.int().check(z.minimum(0), z.maximum(1439)),
      hideContent: z.boolean(),
    }),
  ),
  /** Of one's own sealed profile, and its newest version. */
  profileKey: z.optional(raw(32, 32)),
  profileVersion: position,
})
export type SettingsRecord = z.infer<typeof settings>

/**
 * Where a room's log and its group stood when one of the account's devices read it, in the incarnation of the record, or in a later
 * `life` of a house that was restored. No other device takes less for the newest (SECURITY R5).
 */
const roomHead = z.object({
  generation: position,
  epoch: position,
  seq: position,
  hash: raw(32, 32),
  life: z.optional(position),
})
export type RoomHead = z.infer<typeof roomHead>

/** Name "read/<room>": how far a person has read, on any device. */
export const readPosition = z.object({
  v: z.int(),
  incarnation: position,
  seq: position,
  at: time,
  head: z.optional(roomHead),
})
export type ReadPosition = z.infer<typeof readPosition>

/**
 * Name "contact/<user>": who a friend is (pinned), the key of the friend's profile, and what this person notes of them. Each
 * note has the time of its change, so that two devices that change different ones both keep theirs.
 */
export const contactRecord = z.object({
  v: z.int(),
  user: idRaw,
  uik: raw(32, 32),
  remark: z.optional(name),
  remarkAt: z.optional(time),
  tags: z.optional(
    z.array(z.string().check(z.minLength(1), z.maxLength(TAG_MAX))).check(z.maxLength(TAGS_MAX)),
  ),
  tagsAt: z.optional(time),
  profileKey: z.optional(raw(32, 32)),
  nickname: z.optional(name),
  /** When the person went on with `uik` in place of another key; absent: it is the first that was seen. */
  decidedAt: z.optional(time),
  /** The newest word on whether they compared safety numbers, and under which key: it says nothing of another one. */
  verified: z.optional(z.object({ uik: raw(32, 32), on: z.boolean(), at: time })),
  /** How far their key log has been seen, and in which life of the house (key-log/watch.ts). */
  keys: z.optional(z.object({ life: position, position, hash: raw(32, 32) })),
})
export type ContactRecord = z.infer<typeof contactRecord>

/** Name "chat/<room>": a person's habits with one chat. Each with the time of its change; the newest of each holds. */
export const chatRecord = z.object({
  v: z.int(),
  pinned: z.optional(z.object({ on: z.boolean(), at: time })),
  level: z.optional(z.object({ value: z.enum(["all", "mentions", "none"]), at: time })),
  /** Marked as unread by hand. */
  unread: z.optional(z.object({ on: z.boolean(), at: time })),
  /** Out of the list until something is said after the message of this moment; 0: there was none. */
  hidden: z.optional(z.object({ on: z.boolean(), until: time, at: time })),
  /** Whether the house keeps its history for one's other devices; it does where nothing is said. */
  kept: z.optional(z.object({ on: z.boolean(), at: time })),
})
export type ChatRecord = z.infer<typeof chatRecord>

export const DEVICE_NAME_MAX = 64
/** Name "device/<device>": what a person calls one of their devices. */
export const deviceRecord = z.object({
  v: z.int(),
  name: z.string().check(z.maxLength(DEVICE_NAME_MAX)),
  at: time,
})
export type DeviceRecord = z.infer<typeof deviceRecord>

/**
 * Name "roster/<room>": who was in a room (roster.ts) and where its log and group stood then, in this `life` of the house. A new device
 * takes no older group, and nobody of them under another identity key, for the room's (SECURITY R5).
 */
export const rosterRecord = z.object({
  v: z.int(),
  incarnation: position,
  life: position,
  generation: position,
  epoch: position,
  seq: position,
  hash: raw(32, 32),
  members: raw(0, limits.roomDevices * ROSTER_ONE),
})
export type RosterRecord = z.infer<typeof rosterRecord>

/** Name "vault": the newest that one of the account's devices was opened by, in which life of the house (docs/decisions/37). */
export const vaultRecord = z.object({ v: z.int(), life: position, version: position })
export type VaultRecord = z.infer<typeof vaultRecord>

/** What a profile seals. */
export const profileRecord = z.object({ v: z.int(), nickname: name, status, picture })
export type ProfileRecord = z.infer<typeof profileRecord>

/** Positions for each record "hidden/<room>/<incarnation>/<⌊seq/HIDDEN_SPAN⌋>". */
export const HIDDEN_SPAN = 16_384
/** Deleted for this person: a bit for each position, lowest first, as far as there are any. */
export const hiddenRecord = z.object({ v: z.int(), bits: raw(0, HIDDEN_SPAN / 8) })
export type HiddenRecord = z.infer<typeof hiddenRecord>

export const FAVOURITES_MAX = 1_000
const place = { room: idRaw, incarnation: position, seq: position }
/** Name "favourites": which messages are kept, and which no more; the later word counts. */
export const favouritesRecord = z.object({
  v: z.int(),
  all: z.array(z.object({ ...place, at: time, on: z.boolean() })).check(z.maxLength(2 * FAVOURITES_MAX)),
})
export type FavouritesRecord = z.infer<typeof favouritesRecord>

export const FAVOURITE_BYTES = 60 * 1024
/** Name "favourite/<room>/<incarnation>/<seq>": the message itself, which outlives its recall and its chat. */
export const favouriteRecord = z.object({
  v: z.int(),
  ...place,
  time,
  user: idRaw,
  chat: z.string().check(z.maxLength(200)),
  content: raw(1, FAVOURITE_BYTES),
  /** As it was edited until then. */
  text: z.optional(z.string().check(z.maxLength(FAVOURITE_BYTES))),
})
export type FavouriteRecord = z.infer<typeof favouriteRecord>

export const IMPORTS_MAX = 500
/** Name "imports": what was imported from other programs into which chat, and what of it was deleted; the later word counts. */
export const importsRecord = z.object({
  v: z.int(),
  all: z
    .array(
      z.object({
        room: idRaw,
        /** What the export says, hashed: the same again is known. */
        digest: raw(16, 16),
        /** How often it was deleted. */
        round: count,
        source: z.enum(["telegram", "whatsapp"]),
        title: z.string().check(z.maxLength(100)),
        /** Its first block, and its lines. */
        base: position,
        lines: position,
        /** Times of the first and the last line, ms UTC. */
        first: time,
        last: time,
        at: time,
        on: z.boolean(),
      }),
    )
    .check(z.maxLength(IMPORTS_MAX)),
})
export type ImportsRecord = z.infer<typeof importsRecord>

export const STICKERS_MAX = 200
/** Name "stickers": which ones a person has (content/sticker.ts makes their ids), and which no more; the later word counts. */
export const stickersRecord = z.object({
  v: z.int(),
  all: z.array(z.object({ id: idRaw, at: time, on: z.boolean() })).check(z.maxLength(2 * STICKERS_MAX)),
})
export type StickersRecord = z.infer<typeof stickersRecord>

/** Name "sticker/<id>": its picture; empty once it was removed, because a record cannot go. */
export const stickerRecord = z.object({ v: z.int(), picture: raw(0, STICKER_BYTES) })
export type StickerRecord = z.infer<typeof stickerRecord>
