/** The field types that schemas share. Every one is bounded: a schema without a limit is a way in. */
import * as z from "zod/mini"
import { fromBase64url, toBase64url } from "./bytes.ts"

const isBytes = (min: number, max: number) => (value: unknown) =>
  value instanceof Uint8Array && value.length >= min && value.length <= max

/** Bytes inside a MessagePack frame. */
export const raw = (min: number, max: number) =>
  z.custom<Uint8Array>(isBytes(min, max), "bytes out of bounds")

/** Bytes inside JSON: base64url outside, bytes inside. */
export const base64 = (min: number, max: number) =>
  z.codec(
    z.string().check(z.maxLength(Math.ceil((max * 4) / 3)), z.regex(/^[A-Za-z0-9_-]*$/)),
    z.custom<Uint8Array>(isBytes(min, max), "bytes out of bounds"),
    {
      decode: (text, payload) => {
        const bytes = fromBase64url(text)
        if (bytes) return bytes
        payload.issues.push({ code: "custom", message: "not base64url", input: text })
        return z.NEVER
      },
      encode: toBase64url,
    },
  )

export const base64Exact = (length: number) => base64(length, length)
export const hash32 = base64Exact(32)
export const key32 = base64Exact(32)
export const signature64 = base64Exact(64)

export const count = z.int().check(z.nonnegative())
export const position = z.int().check(z.nonnegative())
/** Milliseconds since 1970, UTC. */
export const time = z.int().check(z.nonnegative())
export const text = (min: number, max: number) => z.string().check(z.minLength(min), z.maxLength(max))
