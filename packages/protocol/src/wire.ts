/**
 * A frame is one MessagePack map with `t` as its kind. Parsed once, strictly, at the edge: unknown kinds, unknown
 * fields, trailing bytes and oversize are a typed refusal, never an exception in the event loop. Of a newer minor, unknown
 * fields are left out and an unknown kind is told apart, to be ignored (newer.ts).
 */
import * as z from "zod/mini"
import { type Down, down } from "./down.ts"
import type { ErrorKind } from "./error.ts"
import { limits } from "./limits.ts"
import { decodeNewer } from "./newer.ts"
import { pack, unpack } from "./pack.ts"
import { err, ok, type Result } from "./result.ts"
import { type Up, up } from "./up.ts"
import { ofAnotherMajor } from "./version.ts"

export type FrameError =
  | Extract<ErrorKind, "malformed" | "too_large" | "unsupported_version">
  | "unknown_kind"

export const encodeUp = (frame: Up): Uint8Array => pack(z.encode(up, frame))
export const encodeDown = (frame: Down): Uint8Array => pack(z.encode(down, frame))

/** `newer`: it is from a client that has said a newer minor. */
export function decodeUp(
  bytes: Uint8Array,
  maxBytes: number = limits.frameBytes,
  newer = false,
): Result<Up, FrameError> {
  const value = unpack(bytes, maxBytes)
  if (!value.ok) return value
  const parsed = newer ? decodeNewer(up, value.value) : z.safeDecode(up, value.value as z.input<typeof up>)
  return parsed.success ? ok(parsed.data) : err(whyNot(value.value, parsed.error, newer))
}

/**
 * A commit entry may be as large as a commit request, so what comes down may be larger than what goes up. It is always
 * read as from a newer house: what a new node has packed comes through an old one as it is.
 */
export function decodeDown(
  bytes: Uint8Array,
  maxBytes: number = 2 * limits.commitRequestBytes,
): Result<Down, FrameError> {
  const value = unpack(bytes, maxBytes)
  if (!value.ok) return value
  const parsed = decodeNewer(down, value.value)
  return parsed.success ? ok(parsed.data) : err(whyNot(value.value, parsed.error, true))
}

const whyNot = (value: unknown, { issues }: z.core.$ZodError, newer: boolean): FrameError => {
  if (ofAnotherMajor(value)) return "unsupported_version"
  const { code, path } = issues[0] as z.core.$ZodIssue
  const kind = (value as { readonly t?: unknown } | null)?.t
  // The union's own complaint: there is no such kind.
  const unknown = code === "invalid_union" && path.length === 1 && path[0] === "t" && typeof kind === "string"
  return newer && unknown ? "unknown_kind" : "malformed"
}
