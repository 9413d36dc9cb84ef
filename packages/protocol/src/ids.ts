/**
 * Every id is 16 random bytes. Inside the code it is the base64url text of these bytes (22 characters), because
 * text works as a map key and compares with ===; frames and tables carry the raw bytes.
 */
import * as z from "zod/mini"
import { fromBase64url, toBase64url } from "./bytes.ts"

export type Id = string & { readonly __id: true }
export const ID_BYTES = 16

export const isId = (text: string): text is Id =>
  text.length === 22 && fromBase64url(text)?.length === ID_BYTES

/** Throws on anything but 16 bytes: lengths are checked at the edges before. */
export function idFrom(bytes: Uint8Array): Id {
  if (bytes.length !== ID_BYTES) throw new RangeError(`an id has ${ID_BYTES} bytes, not ${bytes.length}`)
  return toBase64url(bytes) as Id
}

export function idBytes(id: Id): Uint8Array {
  const bytes = fromBase64url(id)
  if (bytes?.length !== ID_BYTES) throw new RangeError("not an id")
  return bytes
}

/** `random(length)` is the caller's source of randomness. */
export const newId = (random: (length: number) => Uint8Array): Id => idFrom(random(ID_BYTES))

/** An id as JSON carries it. */
export const idText = z.custom<Id>((value) => typeof value === "string" && isId(value), "not an id")

/** An id as a frame carries it: raw bytes outside, text inside. */
export const idRaw = z.codec(
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === ID_BYTES, "not an id"),
  z.custom<Id>(),
  { decode: idFrom, encode: idBytes },
)
