import { fromBase64url, toBase64url } from "@teahouse/protocol/bytes.ts"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { padme } from "./padding.ts"
import type { FileKey } from "./port.ts"
import { CHUNK, chunkSize, chunksOf, fileCrypto, SEALED_CHUNK, sealedSizeOf, TAG } from "./stream.ts"

const cipherOf = async (key: FileKey) => {
  const cipher = await fileCrypto.cipher(key)
  if (!cipher) throw new Error("no cipher")
  return cipher
}

async function sealAll(key: FileKey, plain: Uint8Array): Promise<Uint8Array[]> {
  const cipher = await cipherOf(key)
  const count = chunksOf(plain.length)
  return Promise.all(
    Array.from({ length: count }, (_, i) => {
      const padded = new Uint8Array(chunkSize(plain.length, i))
      padded.set(plain.subarray(i * CHUNK, (i + 1) * CHUNK))
      return cipher.seal(i, i === count - 1, padded)
    }),
  )
}

/** As many chunks as are given; undefined as soon as one does not open. */
async function openAll(key: FileKey, chunks: readonly Uint8Array[]): Promise<Uint8Array | undefined> {
  const cipher = await cipherOf(key)
  const parts: Uint8Array[] = []
  for (const [i, chunk] of chunks.entries()) {
    const opened = await cipher.open(i, i === chunks.length - 1, chunk)
    if (!opened.ok) return undefined
    parts.push(opened.value)
  }
  return new Uint8Array(Buffer.concat(parts))
}

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 600 }),
  fc.constantFrom(CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7),
)
const filled = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255)

describe("a file's seal", () => {
  it("opens to the same bytes, padded, at any size, and any chunk alone", () =>
    fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        const key = fileCrypto.newKey()
        const plain = filled(size)
        const sealed = await sealAll(key, plain)
        expect(sealed.reduce((sum, one) => sum + one.length, 0)).toBe(sealedSizeOf(size))
        const opened = await openAll(key, sealed)
        expect(opened?.length).toBe(padme(size))
        expect(Buffer.compare(opened?.subarray(0, size) ?? new Uint8Array(), plain)).toBe(0)
        const last = sealed.length - 1
        const alone = await (await cipherOf(key)).open(last, true, sealed[last] as Uint8Array)
        expect(alone.ok && alone.value.length).toBe(chunkSize(size, last))
      }),
      { numRuns: 20 },
    ))

  it("refuses a flipped bit anywhere", () =>
    fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.integer({ min: 0, max: 7 }), async (size, at, bit) => {
        const key = fileCrypto.newKey()
        const sealed = await sealAll(key, filled(size))
        const chunk = sealed[at % sealed.length] as Uint8Array
        chunk[at % chunk.length] = (chunk[at % chunk.length] as number) ^ (1 << bit)
        expect(await openAll(key, sealed)).toBeUndefined()
      }),
      { numRuns: 20 },
    ))

  it("refuses a missing end, swapped and repeated chunks, more after the end, and another file's chunk", async () => {
    const key = fileCrypto.newKey()
    const sealed = await sealAll(key, filled(3 * CHUNK))
    const [a, b, c] = sealed as [Uint8Array, Uint8Array, Uint8Array]
    expect(sealed.length).toBe(3)
    expect(await openAll(key, [a, b])).toBeUndefined()
    expect(await openAll(key, [a, b, c.subarray(0, -1)])).toBeUndefined()
    expect(await openAll(key, [b, a, c])).toBeUndefined()
    expect(await openAll(key, [a, a, c])).toBeUndefined()
    expect(await openAll(key, [a, b, c, c])).toBeUndefined()
    expect(await openAll(key, [a, b, new Uint8Array(Buffer.concat([c, Buffer.alloc(TAG)]))])).toBeUndefined()
    // The same key under another header, as a forger who splices two files would have it.
    const other = { key: key.key, header: fileCrypto.newKey().header }
    const [x] = (await sealAll(other, filled(3 * CHUNK))) as [Uint8Array]
    expect(await openAll(key, [x, b, c])).toBeUndefined()
    expect(await openAll(key, sealed)).toBeDefined()
  })

  it("of a header that is none, or of a later version, there is no cipher", async () => {
    const { key, header } = fileCrypto.newKey()
    const changed = (at: number) => header.map((byte, i) => (i === at ? byte ^ 1 : byte))
    for (const bad of [changed(0), changed(4), header.subarray(1), new Uint8Array()])
      expect(await fileCrypto.cipher({ key, header: bad })).toBeUndefined()
  })

  it("hides the size within a few per cent", () => {
    expect(sealedSizeOf(0)).toBe(256 + TAG)
    expect(sealedSizeOf(1)).toBe(sealedSizeOf(256))
    expect(sealedSizeOf(1_000_003)).toBe(sealedSizeOf(1_000_100))
    expect(sealedSizeOf(2 ** 30)).toBe(4096 * SEALED_CHUNK)
  })

  it("golden: what was sealed once opens for ever", async () => {
    const golden = {
      key: new Uint8Array(32).fill(7),
      header: fromBase64url("AQAEAAADAwMDAwMDAwMDAwMDAwMD") as Uint8Array,
    }
    const [chunk] = (await sealAll(golden, filled(5))) as [Uint8Array]
    expect(toBase64url(chunk.subarray(0, 21))).toBe("bMU_L_bDJ8BjawNuToNpmijRyf24")
  })
})
