/** A picked file as the message that will speak of it; the hash is filled in when it is encrypted. */

import { utf8 } from "@teahouse/protocol/bytes.ts"
import { CAPTION_MAX_BYTES, type FileMessage, type Media, THUMB_MAX_BYTES } from "../content/file.ts"
import { sealedSizeOf } from "../crypto/stream.ts"
import type { FileToSend } from "../view/port/files.ts"
import { cleanFileName } from "./name.ts"

export function fileMessage(
  { source, name, type, media, caption }: FileToSend,
  sealed: Pick<FileMessage, "blob" | "token" | "key" | "header">,
): FileMessage {
  return {
    kind: "file",
    ...sealed,
    size: source.size,
    sealedSize: sealedSizeOf(source.size),
    sha256: new Uint8Array(32),
    name: cleanFileName(name),
    type: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type.toLowerCase().slice(0, 128) : "application/octet-stream",
    ...(media ? { media: mediaOf(media) } : {}),
    ...(caption?.trim() ? { caption: caption.trim() } : {}),
  }
}

export const captionFits = (caption: string | undefined): boolean =>
  caption === undefined || utf8(caption.trim()).length <= CAPTION_MAX_BYTES

/** What does not fit is left out: a message without a preview is better than none. */
function mediaOf({
  kind,
  width,
  height,
  duration,
  thumbhash,
  thumb,
  waveform,
}: NonNullable<FileToSend["media"]>): Media {
  const whole = (value: number | undefined, max: number) =>
    value !== undefined && value >= 1 && value <= max ? Math.round(value) : undefined
  const fits = (bytes: Uint8Array | undefined, max: number) =>
    bytes && bytes.length >= 1 && bytes.length <= max ? bytes : undefined
  const all = {
    width: whole(width, 100_000),
    height: whole(height, 100_000),
    duration: whole(duration, Number.MAX_SAFE_INTEGER),
    thumbhash: fits(thumbhash, 40),
    thumb: fits(thumb, THUMB_MAX_BYTES),
    waveform: fits(waveform, 128),
  }
  return { kind, ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) }
}
