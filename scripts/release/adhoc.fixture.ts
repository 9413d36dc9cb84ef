/**
 * What the system does when it loads a signed program: finds the signature and compares every page. Written apart from the signer
 * and read from the file's own numbers, so that it holds for Apple's own signatures as well.
 */
import { createHash } from "node:crypto"

export type Signature = {
  readonly identifier: string
  readonly flags: number
  readonly pages: number
  readonly wrong: number
  /** Where what is signed ends, and where the file does. */
  readonly signed: number
  readonly end: number
  readonly main: { readonly offset: number; readonly size: number; readonly flags: number }
}

export function readSignature(file: Buffer): Signature | undefined {
  let at = 32
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    if (file.readUInt32LE(at) === 0x1d)
      return readBlobs(file, file.readUInt32LE(at + 8), file.readUInt32LE(at + 12))
    at += file.readUInt32LE(at + 4)
  }
  return undefined
}

function readBlobs(file: Buffer, offset: number, size: number): Signature {
  const outer = file.subarray(offset, offset + size)
  if (outer.readUInt32BE(0) !== 0xfade0cc0) throw new Error("no signature where one should be")
  const count = outer.readUInt32BE(8)
  const blobs = Array.from({ length: count }, (_, i) => outer.readUInt32BE(12 + i * 8 + 4))
  const directory = blobs
    .map((begin) => outer.subarray(begin, begin + outer.readUInt32BE(begin + 4)))
    .find((blob) => blob.readUInt32BE(0) === 0xfade0c02 && blob.readUInt8(37) === 2)
  if (!directory) throw new Error("no directory of SHA-256")
  const [hashes, name, , pages, signed] = [16, 20, 24, 28, 32].map((field) =>
    directory.readUInt32BE(field),
  ) as [number, number, number, number, number]
  const page = 2 ** directory.readUInt8(39)
  let wrong = 0
  for (let i = 0; i < pages; i++) {
    const bytes = file.subarray(i * page, Math.min((i + 1) * page, signed))
    const hash = createHash("sha256").update(bytes).digest()
    if (!hash.equals(directory.subarray(hashes + i * 32, hashes + (i + 1) * 32))) wrong++
  }
  const [from, length, flags] = [64, 72, 80].map((field) => Number(directory.readBigUInt64BE(field)))
  return {
    identifier: directory.toString("latin1", name, directory.indexOf(0, name)),
    flags: directory.readUInt32BE(12),
    pages,
    wrong: wrong + Math.abs(pages - Math.ceil(signed / page)),
    signed,
    end: offset + size,
    main: { offset: from as number, size: length as number, flags: flags as number },
  }
}
