/** What the server says on the socket. */
import * as z from "zod/mini"
import { entry } from "./entry.ts"
import { refusal } from "./error.ts"
import { position, raw, time } from "./fields.ts"
import { head } from "./head.ts"
import { idRaw } from "./ids.ts"

/** The first frame: sign this. */
export const challenge = z.strictObject({
  t: z.literal("challenge"),
  house: idRaw,
  nonce: raw(32, 32),
  major: position,
  minor: position,
})

/** The greeting was right; subscriptions and sends may follow. */
export const ready = z.strictObject({ t: z.literal("ready"), incarnation: position, time })

/** Consecutive entries of one room. A client that holds seq s takes entries from s + 1 only. */
export const entries = z.strictObject({
  t: z.literal("entries"),
  room: idRaw,
  incarnation: position,
  entries: z.array(entry),
  /** Where the room stood at the group commit of the last entry; absent inside a long backfill. */
  head: z.optional(head),
})

/** The backfill of a room is complete up to `seq`; what follows is live. */
export const live = z.strictObject({
  t: z.literal("live"),
  room: idRaw,
  incarnation: position,
  seq: position,
  head: z.optional(head),
})

/** These messages are on stable storage. */
export const accepted = z.strictObject({
  t: z.literal("accepted"),
  room: idRaw,
  incarnation: position,
  items: z.array(z.strictObject({ n: position, seq: position, time, hash: raw(32, 32) })),
})

/** Nothing of the `send` with these numbers was taken. */
export const refused = z.strictObject({ t: z.literal("refused"), room: idRaw, n: position, error: refusal })

/** A room's subscription ended: removed from it, or it does not exist. */
export const ended = z.strictObject({ t: z.literal("ended"), room: idRaw, error: refusal })

export const hintTopics = [
  "contacts",
  "rooms",
  "welcomes",
  "notebook",
  "devices",
  "key_packages",
  "profile",
  "account_keys",
  "joins",
  "history",
] as const

/** Something to read again over HTTP. Losing a hint costs time, never content. */
export const hint = z.strictObject({ t: z.literal("hint"), topics: z.array(z.enum(hintTopics)) })

export const ephemeral = z.strictObject({
  t: z.literal("ephemeral"),
  room: idRaw,
  device: idRaw,
  body: raw(1, 4096),
})
export const pong = z.strictObject({ t: z.literal("pong"), time })

/** Said before the socket is closed because of an error of the connection itself. */
export const failed = z.strictObject({ t: z.literal("failed"), error: refusal })

export const down = z.discriminatedUnion("t", [
  challenge,
  ready,
  entries,
  live,
  accepted,
  refused,
  ended,
  hint,
  ephemeral,
  pong,
  failed,
])
export type Down = z.infer<typeof down>
export type Entries = z.infer<typeof entries>
