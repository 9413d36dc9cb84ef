/** What the notebook's records hold. Unknown fields are dropped when a record is written again by an older client. */
import { position, raw, time } from "@teahouse/protocol/fields.ts"
import { idRaw } from "@teahouse/protocol/ids.ts"
import * as z from "zod/mini"

/** Name "settings". */
export const settings = z.object({
  v: z.int(),
  language: z.enum(["auto", "zh-CN", "en"]),
  theme: z.enum(["system", "light", "dark"]),
  enterSends: z.boolean(),
  nickname: z.string().check(z.maxLength(64)),
  /** Of one's own sealed profile, and its newest version. */
  profileKey: z.optional(raw(32, 32)),
  profileVersion: position,
})
export type SettingsRecord = z.infer<typeof settings>

/** Name "read/<room>": how far a person has read, on any device. */
export const readPosition = z.object({ v: z.int(), incarnation: position, seq: position, at: time })
export type ReadPosition = z.infer<typeof readPosition>

/** Name "contact/<user>": who a friend is (pinned), and the key of the friend's profile. */
export const contactRecord = z.object({
  v: z.int(),
  user: idRaw,
  uik: raw(32, 32),
  remark: z.optional(z.string().check(z.maxLength(64))),
  profileKey: z.optional(raw(32, 32)),
  nickname: z.optional(z.string().check(z.maxLength(64))),
})
export type ContactRecord = z.infer<typeof contactRecord>

/** What a profile seals. */
export const profileRecord = z.object({ v: z.int(), nickname: z.string().check(z.maxLength(64)) })
export type ProfileRecord = z.infer<typeof profileRecord>
