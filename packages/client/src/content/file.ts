/**
 * A file as content: where its ciphertext lies in the house, and everything that is needed to read it and to show it before
 * it is read. The house sees the blob's id, its padded size and who fetches it; key, name, type and preview are only here.
 * What stands here was written by its sender and proves nothing: a type decides an icon and never what a browser runs, and a
 * name is cleaned again where it is shown or saved (file/name.ts).
 */
import { count, raw } from "@teahouse/protocol/fields.ts"
import { idText } from "@teahouse/protocol/ids.ts"
import * as z from "zod/mini"
import { core, expires } from "./core.ts"
import { reply } from "./text.ts"

export const FILE_NAME_MAX = 255
export const CAPTION_MAX_BYTES = 4 * 1024
export const THUMB_MAX_BYTES = 24 * 1024

/** Pixels; far above what any screen shows, far below what a table of sizes could be abused for. */
const pixels = z.int().check(z.minimum(1), z.maximum(100_000))

export const media = z.object({
  kind: z.enum(["image", "video", "audio", "voice"]),
  width: z.optional(pixels),
  height: z.optional(pixels),
  /** Milliseconds. */
  duration: z.optional(count),
  /** A blurred picture in 25 bytes or so, for the time before anything else is there. */
  thumbhash: z.optional(raw(1, 40)),
  /** A small JPEG or WebP, so that a chat shows its pictures without fetching them. */
  thumb: z.optional(raw(1, THUMB_MAX_BYTES)),
  /** Loudness over time, one byte each. */
  waveform: z.optional(raw(1, 128)),
})
export type Media = z.infer<typeof media>

/** The ciphertext: how to fetch it, to check it and to open it (crypto/stream.ts). */
export const sealedFile = z.object({
  blob: idText,
  /** What the house asks for before it gives the blob; it stores the hash only. */
  token: raw(16, 16),
  key: raw(32, 32),
  header: raw(16, 64),
  /** Bytes of the file itself; the ciphertext is longer, because its size is padded. */
  size: count,
  sealedSize: count,
  /** SHA-256 of the ciphertext. */
  sha256: raw(32, 32),
})
export type SealedFile = z.infer<typeof sealedFile>

/** A file wherever a content speaks of one: what it is to be called and shown as, and how to read it. */
export const anyFile = z.object({
  ...sealedFile.shape,
  name: z.string().check(z.minLength(1), z.maxLength(FILE_NAME_MAX)),
  /** A media type, as the sender's system called it. */
  type: z.string().check(z.maxLength(128)),
  media: z.optional(media),
})
export type AnyFile = z.infer<typeof anyFile>

export const file = z.object({
  ...core,
  kind: z.literal("file"),
  ...anyFile.shape,
  caption: z.optional(z.string().check(z.minLength(1), z.maxLength(CAPTION_MAX_BYTES))),
  reply: z.optional(reply),
  forwarded: z.optional(z.literal(true)),
  expires,
})

/** A file message before it is sealed. */
export type FileMessage = Omit<z.infer<typeof file>, "v" | "seen">

type Bundled = { readonly items: readonly { readonly file?: AnyFile | undefined }[] }

/** The file of a message, or of that line of several that were forwarded as one. */
export function fileIn(content: { readonly kind: string }, line = 0): AnyFile | undefined {
  if (content.kind === "file") return content as FileMessage
  return content.kind === "bundle" ? (content as unknown as Bundled).items[line]?.file : undefined
}

/** The ciphertexts that a content speaks of, each once: what the house is to keep for as long as it keeps the message. */
export function blobsOf(content: { readonly kind: string }): readonly AnyFile[] {
  if (content.kind === "file") return [content as FileMessage]
  if (content.kind !== "bundle") return []
  const files = (content as unknown as Bundled).items.flatMap(({ file }) => file ?? [])
  return [...new Map(files.map((file) => [file.blob, file])).values()]
}
