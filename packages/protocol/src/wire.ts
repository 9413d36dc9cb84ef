/**
 * A frame is one MessagePack map with `t` as its kind. Parsed once, strictly, at the edge: unknown kinds, unknown
 * fields, trailing bytes and oversize are a typed refusal, never an exception in the event loop.
 */
import * as z from "zod/mini"
import { type Down, down } from "./down.ts"
import type { ErrorKind } from "./error.ts"
import { limits } from "./limits.ts"
import { pack, unpack } from "./pack.ts"
import { err, ok, type Result } from "./result.ts"
import { type Up, up } from "./up.ts"

export type FrameError = Extract<ErrorKind, "malformed" | "too_large">

export const encodeUp = (frame: Up): Uint8Array => pack(z.encode(up, frame))
export const encodeDown = (frame: Down): Uint8Array => pack(z.encode(down, frame))

export function decodeUp(bytes: Uint8Array, maxBytes: number = limits.frameBytes): Result<Up, FrameError> {
  const value = unpack(bytes, maxBytes)
  if (!value.ok) return value
  const parsed = z.safeDecode(up, value.value as z.input<typeof up>)
  return parsed.success ? ok(parsed.data) : err("malformed")
}

/** A commit entry may be as large as a commit request, so what comes down may be larger than what goes up. */
export function decodeDown(
  bytes: Uint8Array,
  maxBytes: number = 2 * limits.commitRequestBytes,
): Result<Down, FrameError> {
  const value = unpack(bytes, maxBytes)
  if (!value.ok) return value
  const parsed = z.safeDecode(down, value.value as z.input<typeof down>)
  return parsed.success ? ok(parsed.data) : err("malformed")
}
