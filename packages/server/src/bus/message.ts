/**
 * What nodes tell each other, as schemas: a message that comes from outside is parsed once, strictly and within bounds, like a
 * frame of a client (protocol/wire.ts). One that does not fit is dropped: it was a hint. While nodes are upgraded one after another some
 * are newer: what only they know is left out of what they say (docs/decisions/43).
 */
import { hint } from "@teahouse/protocol/down.ts"
import { count, position, raw, text } from "@teahouse/protocol/fields.ts"
import { idRaw } from "@teahouse/protocol/ids.ts"
import { decodeNewer } from "@teahouse/protocol/newer.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import * as z from "zod/mini"

/** Whatever a NATS server is configured to take. */
export const MESSAGE_BYTES = 8 * 1024 * 1024
const LISTED = 10_000
const ids = (most = LISTED) => z.readonly(z.array(idRaw).check(z.maxLength(most)))

/** Entries from..to of a room, as the frame that members get, in parts that end where somebody stops listening. */
const entries = z.strictObject({
  kind: z.literal("entries"),
  room: idRaw,
  from: position,
  to: position,
  frame: raw(1, MESSAGE_BYTES),
  /** Devices that get this frame and nothing after it. */
  gone: ids(),
})
/** The room goes as far as this; the entries themselves were too large to be told. */
const reached = z.strictObject({ kind: z.literal("reached"), room: idRaw, to: position })
const ephemeral = z.strictObject({
  kind: z.literal("ephemeral"),
  room: idRaw,
  device: idRaw,
  frame: raw(1, 16 * 1024),
})
const dropped = z.strictObject({ kind: z.literal("dropped"), room: idRaw })
/** Something for a person's devices to read again. */
const toRead = z.strictObject({
  kind: z.literal("hint"),
  user: idRaw,
  topics: z.readonly(hint.shape.topics.check(z.maxLength(32))),
  except: z.optional(idRaw),
})
const sessionsEnded = z.strictObject({
  kind: z.literal("sessions_ended"),
  sessions: ids(),
  why: z.optional(z.literal("device_revoked")),
})
/** A sign of life, every few seconds; `leaving` is the last one. */
const alive = z.strictObject({ kind: z.literal("alive"), node: idRaw, leaving: z.boolean() })
/** Between adapters: this node had to leave something out, so whoever reads this has a gap. */
const missed = z.strictObject({ kind: z.literal("missed") })
/** So much has somebody used of a limit (ops/shared-rates.ts). */
const used = z.strictObject({
  kind: z.literal("used"),
  node: idRaw,
  limit: text(1, 32),
  counts: z.readonly(
    z
      .array(z.strictObject({ key: text(1, 256), count: count.check(z.maximum(1_000_000)) }))
      .check(z.maxLength(1_000)),
  ),
})
/** Which of these devices have a socket at your node? */
const whoIsHere = z.strictObject({ kind: z.literal("who_is_here"), ask: idRaw, devices: ids() })
const here = z.strictObject({ kind: z.literal("here"), ask: idRaw, devices: ids() })
/** About pushes: these were woken, this one has come by itself, somebody has subscribed. */
const woken = z.strictObject({ kind: z.literal("woken"), devices: ids() })
const arrived = z.strictObject({ kind: z.literal("arrived"), device: idRaw })
const subscribed = z.strictObject({ kind: z.literal("push_subscribed") })

const message = z.discriminatedUnion("kind", [
  ...([entries, reached, ephemeral, dropped, toRead, sessionsEnded, alive, used] as const),
  ...([missed, whoIsHere, here, woken, arrived, subscribed] as const),
])
export type BusMessage = z.infer<typeof message>

export const encodeMessage = (one: BusMessage): Uint8Array => pack(z.encode(message, one))

export function decodeMessage(bytes: Uint8Array): Result<BusMessage, "malformed" | "too_large"> {
  const value = unpack(bytes, MESSAGE_BYTES)
  if (!value.ok) return value
  const parsed = decodeNewer(message, value.value)
  return parsed.success ? ok(parsed.data) : err("malformed")
}
