/** Archives for tests, sound and otherwise (APPNOTE 6.3.10: local headers, central directory, its end). */
import { concat, utf8 } from "@teahouse/protocol/bytes.ts"
import { crc32 } from "./crc32.ts"

export type Zipped = {
  readonly name: string
  readonly bytes: Uint8Array
  readonly stored?: boolean
  /** What its headers say, where that is not true. */
  readonly says?: { readonly size?: number; readonly crc?: number }
  readonly encrypted?: boolean
}

const numbers = (...fields: readonly (readonly [bytes: 2 | 4, value: number])[]) => {
  const out = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)))
  let at = 0
  for (const [bytes, value] of fields) {
    if (bytes === 2) out.setUint16(at, value, true)
    else out.setUint32(at, value, true)
    at += bytes
  }
  return new Uint8Array(out.buffer)
}

async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
  return new Response(stream.pipeThrough(new CompressionStream("deflate-raw"))).bytes()
}

/** `overlaid`: every entry is the first one's bytes, by its own name, as in archives that are made to burst. */
export async function zip(files: readonly Zipped[], overlaid = false): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  let first: Uint8Array | undefined
  for (const { name, bytes, stored = false, says = {}, encrypted = false } of files) {
    const packed = stored ? bytes : await deflated(bytes)
    const called = utf8(name)
    const common = numbers(
      ...([
        [2, 20],
        [2, encrypted ? 0x801 : 0x800],
        [2, stored ? 0 : 8],
        [4, 0],
        [4, says.crc ?? crc32(bytes)],
        [4, packed.length],
        [4, says.size ?? bytes.length],
        [2, called.length],
        [2, 0],
      ] as const),
    )
    directory.push(
      concat(
        numbers([4, 0x02014b50], [2, 20]),
        common,
        numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, overlaid ? 0 : at]),
        called,
      ),
    )
    if (overlaid && first) continue
    first = concat(numbers([4, 0x04034b50]), common, called, packed)
    parts.push(first)
    at += first.length
  }
  const central = concat(...directory)
  const end = numbers(
    ...([
      [4, 0x06054b50],
      [4, 0],
      [2, files.length],
      [2, files.length],
      [4, central.length],
      [4, at],
      [2, 0],
    ] as const),
  )
  return new Uint8Array(concat(...parts, central, end))
}
