/**
 * Apple's processors run no program without a signature. One without a name ("ad hoc") is enough: a list of the SHA-256 of
 * every 4 KiB of the file, as linkers write it and `codesign --sign -` does. There is no key in it, and it says nothing of
 * who has made the file. The layout is that of Apple's cs_blobs.h and loader.h; integers of the file are little-endian, those
 * of the signature big-endian.
 */
import { createHash } from "node:crypto"

const MACH_O_64 = 0xfeedfacf
const SEGMENT_64 = 0x19
const CODE_SIGNATURE = 0x1d
/** Memory comes in pages of 16 KiB there, hashes in pages of 4 KiB. */
const MEMORY_PAGE = 16_384
const PAGE_BITS = 12
const PAGE = 1 << PAGE_BITS
const HASH = 32

const HEADER = 32
const COMMAND = 16
const SUPER_BLOB = 12 + 8
const DIRECTORY = 88
const AD_HOC_BY_LINKER = 0x2_0002
const SHA_256 = 2
const MAIN_BINARY = 1n

type Segment = { readonly at: number; readonly offset: number; readonly size: number }
type Layout = {
  readonly commandsEnd: number
  readonly room: number
  readonly text: Segment
  readonly last: Segment
}

/** `identifier`: what the signature calls the program. Throws where the file is not as Node's are. */
export function signAdHoc(unsigned: Buffer, identifier: string): Buffer {
  const { commandsEnd, room, text, last } = layoutOf(unsigned)
  if (last.offset + last.size !== unsigned.length) throw new Error("something stands after the last segment")
  if (commandsEnd + COMMAND > room) throw new Error("there is no room for one more load command")
  const codeEnd = align(unsigned.length, 16)
  const pages = Math.ceil(codeEnd / PAGE)
  const name = Buffer.from(`${identifier}\0`)
  const length = SUPER_BLOB + DIRECTORY + name.length + pages * HASH
  const file = Buffer.alloc(codeEnd + length)
  unsigned.copy(file)

  // First what the file says of itself: it is signed too.
  file.writeUInt32LE(file.readUInt32LE(16) + 1, 16)
  file.writeUInt32LE(file.readUInt32LE(20) + COMMAND, 20)
  file.writeUInt32LE(CODE_SIGNATURE, commandsEnd)
  file.writeUInt32LE(COMMAND, commandsEnd + 4)
  file.writeUInt32LE(codeEnd, commandsEnd + 8)
  file.writeUInt32LE(length, commandsEnd + 12)
  const size = file.length - last.offset
  file.writeBigUInt64LE(BigInt(align(size, MEMORY_PAGE)), last.at + 32)
  file.writeBigUInt64LE(BigInt(size), last.at + 48)

  let at = codeEnd
  const u32 = (...values: number[]) => {
    for (const value of values) at = file.writeUInt32BE(value, at)
  }
  const u64 = (...values: bigint[]) => {
    for (const value of values) at = file.writeBigUInt64BE(value, at)
  }
  // The outer blob has one: the directory of the code, which begins after it.
  u32(0xfade0cc0, length, 1, 0, SUPER_BLOB)
  u32(0xfade0c02, length - SUPER_BLOB, 0x2_0400, AD_HOC_BY_LINKER)
  u32(DIRECTORY + name.length, DIRECTORY, 0, pages, codeEnd)
  u32(HASH * 2 ** 24 + SHA_256 * 2 ** 16 + PAGE_BITS)
  u32(0, 0, 0, 0)
  u64(0n, BigInt(text.offset), BigInt(text.size), MAIN_BINARY)
  at += name.copy(file, at)
  for (let page = 0; page < codeEnd; page += PAGE) {
    const bytes = file.subarray(page, Math.min(page + PAGE, codeEnd))
    at += createHash("sha256").update(bytes).digest().copy(file, at)
  }
  return file
}

const align = (size: number, to: number) => Math.ceil(size / to) * to

function layoutOf(file: Buffer): Layout {
  if (file.readUInt32LE(0) !== MACH_O_64) throw new Error("this is no program for macOS")
  const commandsEnd = HEADER + file.readUInt32LE(20)
  const segments = new Map<string, Segment>()
  let room = file.length
  let at = HEADER
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    const kind = file.readUInt32LE(at)
    if (kind === CODE_SIGNATURE) throw new Error("this file is signed already")
    if (kind === SEGMENT_64) {
      const name = file.toString("latin1", at + 8, at + 24).replace(/\0.*$/, "")
      const [offset, size] = [40, 48].map((field) => Number(file.readBigUInt64LE(at + field)))
      segments.set(name, { at, offset: offset as number, size: size as number })
      for (let section = 0; section < file.readUInt32LE(at + 64); section++) {
        const begin = file.readUInt32LE(at + 72 + section * 80 + 48)
        if (begin > 0) room = Math.min(room, begin)
      }
    }
    at += file.readUInt32LE(at + 4)
  }
  const [text, last] = [segments.get("__TEXT"), segments.get("__LINKEDIT")]
  if (!text || !last) throw new Error("the segments that every program has are missing")
  return { commandsEnd, room, text, last }
}
