/** The files or the sticker of a message, beside the page that shows it. */

import { savedName } from "@teahouse/client/view/file-name.ts"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { CommandArgs } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Parts } from "./parts.ts"
import { type FileOut, lineKey } from "./record.ts"
import { type Bytes, type ChatFolder, TooLarge } from "./sink.ts"

/** Which it is (record.ts), and what it is called where it cannot be had. */
export type Media = { readonly key: string; readonly name: string; readonly out: FileOut }

/** `place` stands before each name: no two of a folder are alike, and a later run knows what it has already. */
export async function exportMedia(
  parts: Parts,
  folder: ChatFolder,
  room: Id,
  item: MessageItem,
  place: string,
): Promise<readonly Media[]> {
  const { body, key, seq } = item
  const at = { room, key, ...(seq === undefined ? {} : { seq }) }
  if (body.kind === "sticker") {
    const out = await exportSticker(parts, folder, { room, key, seq: seq ?? 0 }, `files/${place} sticker`)
    return [{ key, name: parts.style.text.sticker, out }]
  }
  if (body.kind === "file") {
    const { name } = body.file
    return [{ key, name, out: await exportFile(parts, folder, at, name, place) }]
  }
  if (body.kind !== "bundle") return []
  const made: Media[] = []
  for (const [line, { file }] of body.bundle.items.entries()) {
    if (!file) continue
    const out = await exportFile(parts, folder, { ...at, line }, file.name, `${place}-${line + 1}`)
    made.push({ key: lineKey(key, line), name: file.name, out })
  }
  return made
}

/** `path`: without its ending. */
export async function exportSticker(
  { port, why }: Parts,
  folder: ChatFolder,
  of: CommandArgs<"readSticker">,
  path: string,
): Promise<FileOut> {
  const read = await port.command("readSticker", of)
  if (!read.ok) return { missing: why(read.error.kind) }
  const picture = new Uint8Array(read.value.picture)
  const whole = `${path}.${read.value.type === "image/png" ? "png" : "webp"}`
  return { path: await writeOnce(folder, whole, picture), shows: "image" }
}

/** Answers with the path it has got. */
export async function writeOnce(
  folder: ChatFolder,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const all = async function* (): Bytes {
    yield bytes
  }
  return (await folder.has(path, bytes.length)) ? path : folder.write(path, all())
}

async function exportFile(
  { port, read, why, signal, style }: Parts,
  folder: ChatFolder,
  at: CommandArgs<"openFile">,
  shown: string,
  place: string,
): Promise<FileOut> {
  const opened = await port.command("openFile", at)
  if (!opened.ok) return { missing: why(opened.error.kind) }
  const { url, size, inline, type } = opened.value
  const kind = inline ? /^(image|video|audio)\//.exec(type)?.[1] : undefined
  const shows = kind ? { shows: kind as "image" | "video" | "audio" } : {}
  const path = `files/${place} ${savedName(shown)}`
  try {
    if (await folder.has(path, size)) return { path, ...shows }
    let broken = false
    const watched = async function* (): Bytes {
      let left = size
      try {
        for await (const chunk of read(url)) {
          signal.throwIfAborted()
          left -= chunk.length
          yield chunk
        }
        if (left !== 0) throw new Error("not the whole file came")
      } catch (error) {
        broken = true
        throw error
      }
    }
    try {
      return { path: await folder.write(path, watched()), ...shows }
    } catch (error) {
      signal.throwIfAborted()
      // Of this file only when its bytes broke off; a folder that cannot be written into ends the export.
      if (!broken || error instanceof TooLarge) throw error
      return { missing: style.text.exportBrokenOff }
    }
  } finally {
    void port.command("closeFile", { url })
  }
}
