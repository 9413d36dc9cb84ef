/**
 * What stands inside an encrypted message. Old ciphertext lives for ever and no server can migrate it, so the rule for
 * the future is fixed with the first version:
 * - `v`, `kind`, `seen` and `alt` mean the same in every version. Fields that a reader does not know are ignored.
 * - A kind that a reader does not know shows its `alt` (a plain text made by the sender, in the sender's language), and
 *   nothing at all without one: a new kind that people must see carries `alt`, a quiet one (a receipt) does not.
 * - The bytes are kept as they came, so that a newer client shows what an older one could not.
 * - `v` rises only when a known kind changes its meaning; its older readers then take the kind as unknown.
 * `seen` is the last position and chain hash that the sender knew: members compare it with their own chain, and a
 * server that shows people different logs is noticed (SECURITY R5). `keyHeads` does the same for people's key logs.
 * Who sent it is never in here: that is known from the key that signed.
 */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { position, raw } from "@teahouse/protocol/fields.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import * as z from "zod/mini"
import { accountKey, accountKeyWanted } from "./account-key.ts"
import { bundle } from "./bundle.ts"
import { cardFields } from "./card.ts"
import { core, type KeyHead, mentionsFit, type Seen } from "./core.ts"
import { CAPTION_MAX_BYTES, file } from "./file.ts"
import { EMOJI_BYTES, pin, reaction, receipt, timer } from "./marks.ts"
import { nickFields, nicksFields } from "./nick.ts"
import { notebookHead } from "./notebook-head.ts"
import { pastOffer, pastRequest } from "./past.ts"
import { poll, pollEnd, vote } from "./poll.ts"
import { sticker, stickerLook } from "./sticker.ts"
import { edit, recall, text } from "./text.ts"
import { CONTENT_VERSION } from "./version.ts"

/** The sender's name and the key of its sealed profile; said on accepting, and whenever they change. */
export const profile = z.object({
  ...core,
  kind: z.literal("profile"),
  nickname: z.string().check(z.maxLength(64)),
  key: raw(32, 32),
  version: position,
})

export const card = z.object({ ...core, ...cardFields })
export const nick = z.object({ ...core, ...nickFields })
export const nicks = z.object({ ...core, ...nicksFields })

const kinds = [
  text,
  edit,
  recall,
  reaction,
  pin,
  poll,
  vote,
  pollEnd,
  bundle,
  file,
  sticker,
  receipt,
  timer,
  profile,
  card,
  nick,
  nicks,
  pastRequest,
  pastOffer,
  accountKey,
  accountKeyWanted,
  notebookHead,
] as const
export const known = z.discriminatedUnion("kind", kinds)
export const anyKind = z.object({ ...core, kind: z.string().check(z.minLength(1), z.maxLength(32)) })
const names: ReadonlySet<string> = new Set(kinds.flatMap((schema) => schema.shape.kind.def.values))

export type Known = z.infer<typeof known>
/** The content of one kind. */
export type Of<K extends Known["kind"]> = Extract<Known, { kind: K }>
export type ProfileMessage = Of<"profile">
export type CardMessage = Of<"card">
type Without<T> = T extends unknown ? Omit<T, "v" | "seen" | "keyHeads"> : never
/** A content before it is known after which position it will be sent. */
export type Draft = Without<Known>
export type Content =
  | Known
  | {
      readonly kind: "unknown"
      readonly seen: Seen
      readonly alt?: string
      readonly keyHeads?: readonly KeyHead[] | undefined
    }

export function encodeContent(draft: Draft, after: Seen, keyHeads: readonly KeyHead[] = []): Uint8Array {
  const said = keyHeads.length > 0 ? { keyHeads: [...keyHeads] } : {}
  const value = { v: CONTENT_VERSION, seen: after, ...draft, ...said }
  const encoded = z.safeEncode(known, value as Known)
  return pack(encoded.success ? encoded.data : value)
}

/** undefined: not a content of any version, so its sender is broken or hostile. */
export function decodeContent(bytes: Uint8Array): Content | undefined {
  const value = unpack(bytes, limits.messageBytes)
  if (!value.ok) return undefined
  const outer = z.safeParse(anyKind, value.value)
  if (!outer.success) return undefined
  const { kind, v, seen: after, alt, keyHeads } = outer.data
  const inner = v <= CONTENT_VERSION ? z.safeParse(known, value.value) : undefined
  if (inner?.success) return fits(inner.data) ? inner.data : undefined
  if (v <= CONTENT_VERSION && names.has(kind)) return undefined
  return {
    kind: "unknown",
    seen: after,
    ...(alt === undefined ? {} : { alt }),
    ...(keyHeads === undefined ? {} : { keyHeads }),
  }
}

/** Whether it can be said; asked before it is queued, so that nothing waits that nobody would read. */
export const sayable = (draft: Draft): boolean => {
  const bytes = encodeContent(draft, { seq: Number.MAX_SAFE_INTEGER, hash: new Uint8Array(32) })
  return bytes.length <= CONTENT_MAX && decodeContent(bytes)?.kind === draft.kind
}
/** Sealed and padded (Padmé, at most 12 % more) it stays below `limits.messageBytes`. */
const CONTENT_MAX = 224 * 1024

/** What a schema of single fields cannot say. */
function fits(content: Known): boolean {
  switch (content.kind) {
    case "text":
    case "edit":
      return utf8(content.text).length <= limits.textBytes && mentionsFit(content.text, content.mentions)
    case "file":
      return utf8(content.caption ?? "").length <= CAPTION_MAX_BYTES
    case "sticker":
      return stickerLook(content.picture) !== undefined
    case "reaction":
      return utf8(content.emoji).length <= EMOJI_BYTES
    default:
      return true
  }
}
