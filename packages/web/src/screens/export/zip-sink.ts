/**
 * Where a browser cannot write into a folder: one zip file, stored and not compressed (APPNOTE.TXT 6.3.10, 4.3), handed over as a
 * download when it is whole. Its parts are Blobs, which browsers keep on disk when they are large. An entry's header is made after
 * its bytes came, so neither data descriptors nor Zip64 are needed below the limit of 2 GB; more is refused, in words.
 * Rejected: a download streamed through the service worker, which some browsers end with the tab that feeds it; and a file of the
 * origin's own, because it would lie there unsealed for as long as nobody deletes it.
 */
import { freeName, savedName } from "@teahouse/client/view/file-name.ts"
import { type Bytes, type Sink, TooLarge } from "./sink.ts"

export const ZIP_MAX = 2_000_000_000
const ENTRIES_MAX = 65_535
/** Handed to a Blob at once. */
const PART = 8 * 1024 * 1024
/** Names are UTF-8. */
const UTF8 = 1 << 11

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})
function crc32(bytes: Uint8Array, before: number): number {
  let c = ~before
  for (const byte of bytes) c = (table[(c ^ byte) & 255] as number) ^ (c >>> 8)
  return ~c >>> 0
}

type Written = { readonly blob: Blob; readonly size: number; readonly crc: number }

async function collect(bytes: Bytes, left: number): Promise<Written> {
  const blobs: Blob[] = []
  let [part, held, size, crc]: [Uint8Array<ArrayBuffer>[], number, number, number] = [[], 0, 0, 0]
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > left) throw new TooLarge()
    crc = crc32(chunk, crc)
    part.push(chunk)
    held += chunk.length
    if (held < PART) continue
    blobs.push(new Blob(part))
    part = []
    held = 0
  }
  return { blob: new Blob([...blobs, ...part]), size, crc }
}

export function zipSink(now: Date, max = ZIP_MAX): Sink & { close(): Blob } {
  const given = new Set<string>()
  const parts: BlobPart[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const [time, date] = dosTime(now)

  const add = async (path: string, bytes: Bytes) => {
    if (directory.length >= ENTRIES_MAX) throw new TooLarge()
    const { blob, size, crc } = await collect(bytes, max - length)
    const name = new TextEncoder().encode(path)
    /** Shared by both headers. 20: needs version 2.0; method 0: stored. */
    const facts = [u16(20), u16(UTF8), u16(0), u16(time), u16(date), u32(crc), u32(size), u32(size)]
    const local = join(u32(0x04034b50), ...facts, u16(name.length), u16(0), name)
    directory.push(
      join(
        ...[u32(0x02014b50), u16(20), ...facts, u16(name.length), u16(0), u16(0), u16(0), u16(0)],
        ...[u32(0), u32(length), name],
      ),
    )
    parts.push(local, blob)
    length += local.length + size
  }

  return {
    async folder(title) {
      const folder = freeName(savedName(title), (one) => given.has(one.toLowerCase()))
      given.add(folder.toLowerCase())
      return {
        has: async () => false,
        async write(path, bytes) {
          await add(`${folder}/${path}`, bytes)
          return path
        },
      }
    },
    close() {
      const size = directory.reduce((sum, one) => sum + one.length, 0)
      const count = u16(directory.length)
      const end = join(u32(0x06054b50), u16(0), u16(0), count, count, u32(size), u32(length), u16(0))
      return new Blob([...parts, ...directory, end], { type: "application/zip" })
    },
  }
}

function dosTime(at: Date): [time: number, date: number] {
  return [
    (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1),
    (Math.max(0, at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate(),
  ]
}

function u16(n: number) {
  const bytes = new Uint8Array(2)
  new DataView(bytes.buffer).setUint16(0, n, true)
  return bytes
}
function u32(n: number) {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, n, true)
  return bytes
}
function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
