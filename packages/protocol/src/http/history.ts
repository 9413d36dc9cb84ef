/**
 * History that the house keeps safe: sealed *segments*, each of 256 positions of one room and incarnation, so that a new
 * device has the past without another one being there. The house sees which segments there are, how large they are and when
 * they change; what is in them is sealed under a subkey of the account key that `generation` names.
 *
 * A segment is written by compare-and-set. The version that it replaced is kept for thirty days, one of them: a device that
 * has written nonsense can be put right. Deleting is by room and for good; rows without bytes (`bytes: 0`) stay, so that the
 * other devices hear of it, and so that no version ever comes twice.
 */
import * as z from "zod/mini"
import { base64, count, position } from "../fields.ts"
import { idText } from "../ids.ts"
import { limits } from "../limits.ts"
import { route } from "./route.ts"

export const HISTORY_PAGE = 500

export const historySegment = z.strictObject({
  room: idText,
  incarnation: position,
  /** ⌊seq / 256⌋. */
  number: position,
  version: position,
  /** Of the account master key that seals it. */
  generation: position,
  /** Of what is sealed; 0: deleted. */
  bytes: count,
})
export type HistorySegment = z.infer<typeof historySegment>

/** Bytes of all current versions, and how many an account may have. */
const room = { used: count, quota: count }

/**
 * Segments changed after `since`, a cursor that an earlier answer gave (0: all), in the order of their last change. A house that has
 * lost changes since then answers with the lower cursor that it has.
 */
export const listHistory = route({
  method: "GET",
  path: "/history",
  access: "device",
  request: z.strictObject({ since: z.coerce.number().check(z.int(), z.nonnegative()) }),
  response: z.strictObject({
    segments: z.array(historySegment).check(z.maxLength(HISTORY_PAGE)),
    cursor: position,
    more: z.boolean(),
    ...room,
  }),
})

/** The current version, or the one that is asked for; `unknown_record` where the house does not have it (any more). */
export const readHistory = route({
  method: "GET",
  path: "/history/:room/:incarnation/:number",
  access: "device",
  request: z.strictObject({ version: z.optional(z.coerce.number().check(z.int(), z.nonnegative())) }),
  response: z.strictObject({
    version: position,
    generation: position,
    sealed: base64(1, limits.historySegmentBytes),
  }),
})

const stretch = z.strictObject({ from: position, to: position })
/** Of one block, after its first. */
export const STRETCHES = 16

/**
 * Compare-and-set: `version` is one more than the stored one (1 for a new segment; a deletion is a version of its own), else
 * `version_conflict`. The same bytes under the same version again get the first answer's cursor. `unknown_room`: the account
 * has never been in it; `unknown_record`: it has no key of that generation; `quota_exceeded`: see `quota`. `over`: as with the
 * notebook, the version that the house has now, where it has lost newer ones.
 */
export const writeHistory = route({
  method: "PUT",
  path: "/history/:room/:incarnation/:number",
  access: "device",
  request: z.strictObject({
    version: position,
    generation: position,
    sealed: base64(1, limits.historySegmentBytes),
    over: z.optional(position),
    /** Positions that are in it without a gap: where every member's account has one, a retention may let its message go. */
    whole: z.optional(stretch),
    /** Further stretches of the same block, where the account has left the room in it and come back. */
    again: z.optional(z.array(stretch).check(z.minLength(1), z.maxLength(STRETCHES))),
  }),
  response: z.strictObject({ cursor: position, ...room }),
  maxBytes: Math.ceil((limits.historySegmentBytes * 4) / 3) + 1024,
})

/** All segments of one room with their previous versions, for good. One that has none of it is no refusal. */
export const dropHistory = route({
  method: "DELETE",
  path: "/history/:room",
  access: "device",
  request: undefined,
  response: z.strictObject({ cursor: position }),
})
