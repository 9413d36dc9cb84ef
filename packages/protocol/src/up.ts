/** What a client says on the socket. Who says it is known from the connection, never from the frame. */
import * as z from "zod/mini"
import { position, raw } from "./fields.ts"
import { idRaw } from "./ids.ts"
import { limits } from "./limits.ts"

/** Files that one message may refer to. */
export const BLOBS_PER_ITEM = 100

/** The first frame, once, in answer to `challenge`. */
export const hello = z.strictObject({
  t: z.literal("hello"),
  major: position,
  minor: position,
  session: idRaw,
  /** By the device key over `greetingBytes`. */
  signature: raw(64, 64),
})

/** Entries after each position, then live ones. Subscribing again moves the cursor. */
export const subscribe = z.strictObject({
  t: z.literal("subscribe"),
  rooms: z
    .array(z.strictObject({ room: idRaw, incarnation: position, seq: position }))
    .check(z.minLength(1), z.maxLength(limits.subscribeRooms)),
})

/** Messages for one room, in order; all are accepted or none. One such frame is in flight per room. */
export const send = z.strictObject({
  t: z.literal("send"),
  room: idRaw,
  generation: position,
  epoch: position,
  items: z
    .array(
      z.strictObject({
        n: position,
        body: raw(1, limits.messageBytes),
        /** Blobs that the message speaks of: the house keeps them as long as it keeps the message. */
        blobs: z.optional(
          z
            .array(z.strictObject({ blob: idRaw, token: raw(16, 16) }))
            .check(z.minLength(1), z.maxLength(BLOBS_PER_ITEM)),
        ),
      }),
    )
    .check(z.minLength(1), z.maxLength(limits.sendItems)),
})

/** Sealed, never stored: typing, presence. */
export const ephemeral = z.strictObject({ t: z.literal("ephemeral"), room: idRaw, body: raw(1, 4096) })

/** A browser cannot send a WebSocket ping of its own. */
export const ping = z.strictObject({ t: z.literal("ping") })

export const up = z.discriminatedUnion("t", [hello, subscribe, send, ephemeral, ping])
export type Up = z.infer<typeof up>
export type Send = z.infer<typeof send>
export type Subscribe = z.infer<typeof subscribe>
