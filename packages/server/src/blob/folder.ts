/**
 * Blobs as files of the data directory: `blobs/ab/<id>`, where `ab` are two characters of the id, so that no folder grows
 * large. A name is an id and nothing that a client wrote. (Ids are base64url and file systems may not tell `A` from `a`, so
 * names are hexadecimal.)
 */
import { constants, createReadStream } from "node:fs"
import { type FileHandle, mkdir, open, opendir, stat, unlink } from "node:fs/promises"
import { dirname, join } from "node:path"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { Problem } from "../config/settings.ts"
import type { Appended, BlobStore } from "./port.ts"

/** The folder and the file of a blob, below a store's own folder. */
export function blobPlace(blob: Id): readonly [folder: string, file: string] {
  const name = Buffer.from(idBytes(blob)).toString("hex")
  return [name.slice(0, 2), name]
}

/** `onTrouble`: what whoever runs the house has to know. */
export function folderStore(root: string, onTrouble?: (problem: Problem) => void): BlobStore {
  const pathOf = (blob: Id): string => join(root, ...blobPlace(blob))

  return {
    async append(blob, offset, source, max) {
      const file = await openFor(pathOf(blob))
      if (!file) return { written: 0, problem: "full" }
      try {
        // What a crash has left behind the end is written over. It is not cut off: where several nodes have this folder in
        // common, it may be what another one has just taken from the same upload.
        const result = await pour(file, offset, source, max)
        const problem = result.written > 0 ? await keep(file) : undefined
        if (problem === "away") onTrouble?.(notKept(root))
        // Nothing of it counts: it comes again and is written over, so that the system has it to write once more.
        return problem ? { written: 0, problem } : result
      } finally {
        await file.close()
      }
    },
    async size(blob) {
      try {
        return (await stat(pathOf(blob))).size
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined
        throw error
      }
    },
    async *read(blob, from, to) {
      if (to <= from) return
      let at = from
      for await (const part of createReadStream(pathOf(blob), { start: from, end: to - 1 })) {
        at += (part as Uint8Array).length
        yield part as Uint8Array
      }
      if (at !== to) throw new Error("a blob is shorter than its row says")
    },
    async remove(blob) {
      try {
        await unlink(pathOf(blob))
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw error
      }
    },
    async *list() {
      for await (const folder of entriesOf(root))
        for await (const name of entriesOf(join(root, folder)))
          if (/^[0-9a-f]{32}$/.test(name)) yield idFrom(new Uint8Array(Buffer.from(name, "hex")))
    },
  }
}

/** What stands in the way, undefined where the disk has it: it may find out here that there is no room, or that it does not work. */
async function keep(file: FileHandle): Promise<"full" | "away" | undefined> {
  try {
    await file.datasync()
    return undefined
  } catch (error) {
    if (full.has(codeOf(error))) return "full"
    if (codeOf(error) !== "EIO") throw error
    return "away"
  }
}

async function pour(
  file: FileHandle,
  offset: number,
  source: AsyncIterable<Uint8Array>,
  max: number,
): Promise<Appended> {
  let written = 0
  const parts = source[Symbol.asyncIterator]()
  for (;;) {
    const next = await parts.next().catch(() => undefined)
    if (!next || next.done) return { written }
    const part = next.value
    const fits = part.subarray(0, max - written)
    try {
      for (let at = 0; at < fits.length; )
        at += (await file.write(fits, at, fits.length - at, offset + written + at)).bytesWritten
    } catch (error) {
      if (!full.has(codeOf(error))) throw error
      return { written, problem: "full" }
    }
    written += fits.length
    if (fits.length < part.length) return { written, problem: "too_long" }
  }
}

/** undefined: no room for even a file. */
async function openFor(path: string): Promise<FileHandle | undefined> {
  // Not "a": on Linux an appending file ignores positions. Read and write, made if it is not there.
  const flags = constants.O_RDWR | constants.O_CREAT
  try {
    return await open(path, flags, 0o600)
  } catch (error) {
    if (full.has(codeOf(error))) return undefined
    if (codeOf(error) !== "ENOENT") throw error
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return open(path, flags, 0o600)
  }
}

async function* entriesOf(folder: string): AsyncIterable<string> {
  try {
    for await (const entry of await opendir(folder)) yield entry.name
  } catch (error) {
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "ENOTDIR") throw error
  }
}

const full = new Set(["ENOSPC", "EDQUOT", "EFBIG"])
const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | undefined)?.code)

const notKept = (root: string): Problem => ({
  zh: `${root} 所在磁盘报错，没有确认写入（fsync）。文件稍后会重发。请检查磁盘（dmesg、smartctl，或网络盘的连接）。`,
  en: `The disk of ${root} reports an error and is not sure of what was written (fsync). Files are sent again later. Check the disk (dmesg, smartctl, the line to a network drive).`,
})
