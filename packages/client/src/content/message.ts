/**
 * What stands inside an encrypted message. Old ciphertext lives for ever and no server can migrate it, so the rule for
 * the future is fixed with the first version:
 * - `v`, `kind`, `seen` and `alt` mean the same in every version. Fields that a reader does not know are ignored.
 * - A kind that a reader does not know shows its `alt` (a plain text made by the sender, in the sender's language), and
 *   nothing at all without one: a new kind that people must see carries `alt`, a quiet one (a receipt) does not.
 * - The bytes are kept as they came, so that a newer client shows what an older one could not.
 * - `v` rises only when a known kind changes its meaning; its older readers then take the kind as unknown.
 * `seen` is the last position and chain hash that the sender knew: members compare it with their own chain, and a
 * server that shows people different logs is noticed (SECURITY R5).
 * Who sent it is never in here: that is known from the key that signed.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { position, raw } from "@teahouse/protocol/fields.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import * as z from "zod/mini"
import { CONTENT_VERSION } from "./version.ts"

export const seen = z.object({ seq: position, hash: raw(32, 32) })
export type Seen = z.infer<typeof seen>

const core = { v: position, seen, alt: z.optional(z.string().check(z.maxLength(4096))) }

export const text = z.object({
  ...core,
  kind: z.literal("text"),
  text: z.string().check(z.minLength(1), z.maxLength(limits.textBytes)),
})

/** The sender's name and the key of its sealed profile; said on accepting, and whenever they change. */
export const profile = z.object({
  ...core,
  kind: z.literal("profile"),
  nickname: z.string().check(z.maxLength(64)),
  key: raw(32, 32),
  version: position,
})

/**
 * A group's name and announcement, whole. `of` is the position of the change that this one repeats, for those who came
 * after it; absent, it is a change, and `what` says which, for the line in the chat.
 */
export const card = z.object({
  ...core,
  kind: z.literal("card"),
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  announcement: z.string().check(z.maxLength(4000)),
  what: z.optional(z.enum(["created", "name", "announcement"])),
  of: z.optional(position),
})

export const known = z.discriminatedUnion("kind", [text, profile, card])
export const anyKind = z.object({ ...core, kind: z.string().check(z.minLength(1), z.maxLength(32)) })

export type Text = z.infer<typeof text>
export type ProfileMessage = z.infer<typeof profile>
export type CardMessage = z.infer<typeof card>
/** As it is kept: `seq` is where it was changed last; 0 where that is still to be said. */
export type Card = { readonly name: string; readonly announcement: string; readonly seq: number }
type Without<T> = T extends unknown ? Omit<T, "v" | "seen"> : never
/** A content before it is known after which position it will be sent. */
export type Draft = Without<z.infer<typeof known>>
export type Content =
  | z.infer<typeof known>
  | { readonly kind: "unknown"; readonly seen: Seen; readonly alt?: string }

export const encodeContent = (draft: Draft, after: Seen): Uint8Array =>
  pack({ v: CONTENT_VERSION, seen: after, ...draft })

/** undefined: not a content of any version, so its sender is broken or hostile. */
export function decodeContent(bytes: Uint8Array): Content | undefined {
  const value = unpack(bytes, limits.messageBytes)
  if (!value.ok) return undefined
  const outer = z.safeParse(anyKind, value.value)
  if (!outer.success) return undefined
  const { kind, v, seen: after, alt } = outer.data
  const inner = v <= CONTENT_VERSION ? z.safeParse(known, value.value) : undefined
  if (inner?.success) return textFits(inner.data) ? inner.data : undefined
  if (v <= CONTENT_VERSION && ["text", "profile", "card"].includes(kind)) return undefined
  return { kind: "unknown", seen: after, ...(alt === undefined ? {} : { alt }) }
}

const textFits = (content: z.infer<typeof known>) =>
  content.kind !== "text" || utf8(content.text).length <= limits.textBytes
