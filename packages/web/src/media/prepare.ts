/** A picked file as it will be sent. What it is, its bytes say; what the system calls it is passed on as a word. */

import { type Format, formatOf, HEAD_BYTES, isPicture } from "@teahouse/client/media/format.ts"
import type { FileToSend } from "@teahouse/client/view/port/files.ts"
import { lookAt } from "./film.ts"
import { cleanFilm } from "./isobmff.ts"
import type { Painter } from "./painter.ts"
import type { PreparedPicture } from "./picture.ts"

export type Prepared = Omit<FileToSend, "caption" | "source"> & {
  readonly source: Blob
  /** Whether "Original" makes a difference. */
  readonly picture: boolean
  readonly plain?: PreparedPicture["plain"]
}

export async function prepare(file: File, original: boolean, painter: Painter): Promise<Prepared> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  const format = formatOf(head)
  const asItIs = { source: file, name: file.name, type: file.type.slice(0, 128), picture: false }
  if (format !== undefined && isPicture(format)) {
    const { file: source, ending, plain, ...seen } = await painter.picture(format, file, original)
    const picture = { ...asItIs, source, picture: !plain, ...(plain && { plain }) }
    if (plain) return picture
    const name = ending ? withEnding(file.name, ending) : file.name
    return { ...picture, name, type: source.type, media: { kind: "image", ...seen } }
  }
  const kind = playable(format, file.type)
  const seen = kind && (await lookAt(file, kind))
  if (!seen) return asItIs
  const source = format === "mp4" ? await cleanFilm(file) : file
  const small = seen.poster && (await painter.picture("png", seen.poster, false))
  const { thumb, thumbhash } = small ?? {}
  return {
    ...asItIs,
    source,
    media: { ...seen.media, ...(thumb && { thumb }), ...(thumbhash && { thumbhash }) },
  }
}

function playable(format: Format | undefined, type: string): "video" | "audio" | undefined {
  if (type.startsWith("audio/")) return "audio"
  return format === "mp4" || format === "webm" || type.startsWith("video/") ? "video" : undefined
}

export const withEnding = (name: string, ending: string): string =>
  `${name.replace(/\.[^./\\]{1,8}$/, "") || "picture"}.${ending}`
