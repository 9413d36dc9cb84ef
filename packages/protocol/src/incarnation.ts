/**
 * Which life of the house's log this is (SECURITY R5). A restored backup starts a new incarnation, said and signed:
 * clients keep what they have, list what the house lost, and treat a second one without notice as an alarm.
 */
import * as z from "zod/mini"
import { concat, u32, u64 } from "./bytes.ts"
import { hash32, position, signature64, time } from "./fields.ts"
import { type Id, idBytes, idText } from "./ids.ts"
import { labels } from "./labels.ts"

export const incarnationStatement = z.strictObject({
  house: idText,
  /** 1 for the first. */
  incarnation: position,
  /** 0 before the first. */
  previous: position,
  time,
  signature: signature64,
})
export type IncarnationStatement = z.infer<typeof incarnationStatement>

export const incarnationToSign = (s: {
  house: Id
  incarnation: number
  previous: number
  time: number
}): Uint8Array =>
  concat(labels.incarnation, idBytes(s.house), u32(s.incarnation), u32(s.previous), u64(s.time))

/** The same of one room: what the house has kept of the life before. */
export const roomIncarnation = z.strictObject({
  incarnation: position,
  previous: position,
  /** The last position that is as it was, and the chain's hash there. */
  seq: position,
  hash: hash32,
  time,
  signature: signature64,
})
export type RoomIncarnation = z.infer<typeof roomIncarnation>

export const roomIncarnationToSign = (
  house: Id,
  room: Id,
  s: Omit<RoomIncarnation, "signature">,
): Uint8Array =>
  concat(
    labels.roomIncarnation,
    idBytes(house),
    idBytes(room),
    u32(s.incarnation),
    u32(s.previous),
    u64(s.seq),
    s.hash,
    u64(s.time),
  )
