/**
 * What a friend request says before it is accepted, sealed to each device of the person asked. Anybody can seal to a key
 * package, the house too, so the asking device signs the line together with its place.
 */
import { concat, fromUtf8, u32, utf8 } from "@teahouse/protocol/bytes.ts"
import { raw } from "@teahouse/protocol/fields.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { label } from "@teahouse/protocol/labels.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import * as z from "zod/mini"
import { CONTENT_VERSION } from "./version.ts"

export const firstLine = z.object({
  v: z.int(),
  line: z.string().check(z.maxLength(limits.firstLineBytes)),
  nickname: z.string().check(z.maxLength(64)),
  /** Of the asker's profile. */
  key: raw(32, 32),
})
export type FirstLine = z.infer<typeof firstLine>

export const encodeFirstLine = (line: Omit<FirstLine, "v">): Uint8Array =>
  pack({ v: CONTENT_VERSION, ...line, line: cut(line.line, limits.firstLineBytes) })

export function decodeFirstLine(bytes: Uint8Array): FirstLine | undefined {
  const value = unpack(bytes, 4096)
  const parsed = value.ok ? z.safeParse(firstLine, value.value) : undefined
  return parsed?.success ? parsed.data : undefined
}

const signedLine = z.object({ line: raw(1, 4096), signature: raw(64, 64) })

/** What the asking device signs. */
export const firstLineToSign = (place: Uint8Array, line: Uint8Array): Uint8Array =>
  concat(label("first line signature"), u32(place.length), place, line)

export const encodeSigned = (line: Uint8Array, signature: Uint8Array): Uint8Array => pack({ line, signature })

export function decodeSigned(bytes: Uint8Array): z.infer<typeof signedLine> | undefined {
  const value = unpack(bytes, 8192)
  const parsed = value.ok ? z.safeParse(signedLine, value.value) : undefined
  return parsed?.success ? parsed.data : undefined
}

/** Binds the line to the room it invites to and to who asks and who is asked. */
export const firstLinePlace = (room: Id, asker: Id, asked: Id, device: Id): Uint8Array =>
  concat(utf8("teahouse/first line/v1\0"), idBytes(room), idBytes(asker), idBytes(asked), idBytes(device))

/** At most `max` bytes of UTF-8, ending between two characters. */
function cut(text: string, max: number): string {
  const bytes = utf8(text)
  if (bytes.length <= max) return text
  let end = max
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--
  return fromUtf8(bytes.subarray(0, end))
}
