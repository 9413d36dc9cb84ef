/**
 * ISO base media (MP4, MOV, HEIC, AVIF) as boxes. Films carry where they were made in `udta` and `meta` of `moov` and of its
 * tracks; both are only words about the film. They are overwritten with `free` boxes of zeroes in place, so that no
 * offset moves and a film of any size costs no more memory than its `moov`.
 */
import { latin1, u32 } from "@teahouse/client/media/bytes.ts"
import type { PictureFacts } from "@teahouse/client/media/format.ts"

type Box = { readonly type: string; readonly from: number; readonly body: number; readonly to: number }

function boxesOf(b: Uint8Array, from: number, end: number): Box[] {
  const out: Box[] = []
  for (let at = from; at + 8 <= end; ) {
    const size = u32(b, at) ?? 0
    const type = latin1(b, at + 4, 4)
    const long = size === 1
    const length = long
      ? (u32(b, at + 8) ?? 0) * 2 ** 32 + (u32(b, at + 12) ?? 0)
      : size === 0
        ? end - at
        : size
    const body = at + (long ? 16 : 8)
    if (length < body - at || at + length > end) break
    out.push({ type, from: at, body, to: at + length })
    at += length
  }
  return out
}

/** HEIC and AVIF: the largest of the sizes that are named, because a picture may consist of tiles. */
export function heifFacts(b: Uint8Array): PictureFacts | undefined {
  const within = (box: Box | undefined, type: string, skip = 0) =>
    box && boxesOf(b, box.body + skip, box.to).find((one) => one.type === type)
  const top = boxesOf(b, 0, b.length)
  const meta = top.find((one) => one.type === "meta")
  const properties = within(within(meta, "iprp", 4), "ipco")
  if (!properties) return undefined
  let [width, height] = [0, 0]
  for (const { type, body } of boxesOf(b, properties.body, properties.to)) {
    if (type !== "ispe") continue
    width = Math.max(width, u32(b, body + 4) ?? 0)
    height = Math.max(height, u32(b, body + 8) ?? 0)
  }
  // Both are turned by a property of their own, which every decoder follows.
  return { width, height, orientation: 1, animated: top.some((one) => one.type === "moov") }
}

/** In place. */
function blank(moov: Uint8Array, from: number, to: number): boolean {
  let found = false
  for (const box of boxesOf(moov, from, to)) {
    if (box.type === "trak") found = blank(moov, box.body, box.to) || found
    if (box.type !== "udta" && box.type !== "meta" && box.type !== "uuid") continue
    moov.set([0x66, 0x72, 0x65, 0x65], box.from + 4)
    moov.fill(0, box.body, box.to)
    found = true
  }
  return found
}

/** `moov` without its words; undefined where there is nothing to remove. */
export function cleanMoov(moov: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const copy = new Uint8Array(moov)
  const [box] = boxesOf(copy, 0, copy.length)
  return box?.type === "moov" && blank(copy, box.body, box.to) ? copy : undefined
}

const MOOV_MAX = 64 * 1024 * 1024

/** The film with a cleaned `moov`, and without `meta`, `udta` and `uuid` beside it. Nothing else is read. */
export async function cleanFilm(file: Blob): Promise<Blob> {
  const parts: Blob[] = []
  let changed = false
  for (let at = 0; at < file.size; ) {
    const head = new Uint8Array(await file.slice(at, at + 16).arrayBuffer())
    const size = u32(head, 0)
    const type = latin1(head, 4, 4)
    const length =
      size === 1
        ? (u32(head, 8) ?? 0) * 2 ** 32 + (u32(head, 12) ?? 0)
        : size === 0
          ? file.size - at
          : (size ?? 0)
    if (length < 8 || at + length > file.size) {
      parts.push(file.slice(at))
      break
    }
    const box = file.slice(at, at + length)
    const clean = length <= MOOV_MAX && (await cleanBox(type, box))
    parts.push(clean || box)
    changed ||= clean !== false
    at += length
  }
  return changed ? new Blob(parts, { type: file.type }) : file
}

async function cleanBox(type: string, box: Blob): Promise<Blob | false> {
  if (!["moov", "udta", "meta", "uuid"].includes(type)) return false
  const bytes = new Uint8Array(await box.arrayBuffer())
  if (type === "moov") {
    const clean = cleanMoov(bytes)
    return clean ? new Blob([clean]) : false
  }
  const empty = new Uint8Array(bytes.length)
  empty.set(bytes.subarray(0, 4))
  empty.set([0x66, 0x72, 0x65, 0x65], 4)
  if (u32(bytes, 0) === 1) empty.set(bytes.subarray(8, 16), 8)
  return new Blob([empty])
}
