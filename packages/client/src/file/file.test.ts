/** Files on the device: what is kept, what is read, what names and first bytes may be. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { FILE_NAME_MAX, type SealedFile } from "../content/file.ts"
import { sealedCrypto } from "../crypto/sealed.ts"
import { CHUNK, fileCrypto, sealedSizeOf } from "../crypto/stream.ts"
import { memoryStores } from "../store/memory.ts"
import { type SealedStore, sealedStore } from "../store/sealed.ts"
import type { BlobHttp } from "./blob-http.ts"
import { memoryStage, memoryStages } from "./memory-stage.ts"
import { cleanFileName } from "./name.ts"
import { openPieces } from "./pieces.ts"
import { claimsMuch, isDrawable, isSmallPicture } from "./pixels.ts"
import { prepare } from "./prepare.ts"
import { openReader } from "./reader.ts"
import { sniff } from "./sniff.ts"
import { stageContract } from "./stage.contract.ts"
import { type FileStage, PIECE, pieceSize, piecesOf } from "./stage.ts"

stageContract({ test, equal: (actual, expected) => expect(actual).toEqual(expected) }, memoryStages)

const room = "r".repeat(22) as Id
const other = "s".repeat(22) as Id
const filled = (from: number, to: number) =>
  Uint8Array.from({ length: to - from }, (_, i) => ((from + i) * 37) & 255)
const source = (size: number) => ({
  size,
  slice: (from: number, to: number) => ({ arrayBuffer: async () => filled(from, to).buffer as ArrayBuffer }),
})
let made = 0
const newFile = (size: number): Omit<SealedFile, "sha256"> => ({
  blob: String(++made).padStart(22, "b") as Id,
  token: new Uint8Array(16),
  ...fileCrypto.newKey(),
  size,
  sealedSize: sealedSizeOf(size),
})
async function upload(stage: FileStage, size: number): Promise<SealedFile> {
  const file = newFile(size)
  const parts = { crypto: fileCrypto, stage, wanted: () => true, progress: () => {} }
  const done = await prepare(parts, file, source(size))
  if (!done.ok) throw new Error(done.why)
  return { ...file, sha256: done.sha256 }
}

/** A house that has what another device's stage has. */
async function device(house: FileStage, maxBytes = Number.POSITIVE_INFINITY, kept?: SealedStore) {
  const store = kept ?? sealedStore(await memoryStores().open("x"), await storeKey(), sealedCrypto)
  const asked: number[] = []
  let online = true
  let now = 1
  const http = {
    async read(file: SealedFile, from: number, to: number) {
      if (!online) return err({ kind: "offline" as const })
      asked.push(from)
      const bytes = await house.read(file.blob, from / PIECE, 0, to - from)
      return bytes ? ok(bytes) : err({ kind: "unknown_blob" as const })
    },
  } as unknown as BlobHttp
  const stage = memoryStage()
  const pieces = await openPieces({ store, stage, http, clock: () => now++, maxBytes, onChange: () => {} })
  return {
    ...{ pieces, stage, asked, store },
    cut: () => (online = false),
    async reader(file: SealedFile, of = room) {
      pieces.belongs(file.blob, of)
      const reader = await openReader(fileCrypto, pieces, file)
      if (!reader) throw new Error("no reader")
      return reader
    },
  }
}
const storeKey = () =>
  crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]) as Promise<CryptoKey>

describe("reading", () => {
  it("gives any range of a file, of the pieces that it needs and no others, and without the house afterwards", async () => {
    const house = memoryStage()
    const size = 2 * 16 * CHUNK + 1000
    const file = await upload(house, size)
    const here = await device(house)
    const reader = await here.reader(file)
    const middle = 16 * CHUNK + 5
    expect(await reader.range(middle, middle + 10)).toEqual(ok(filled(middle, middle + 10)))
    expect(here.asked).toEqual([PIECE])
    expect(await reader.range(size - 3, size + 100)).toEqual(ok(filled(size - 3, size)))
    expect(here.asked).toEqual([PIECE, 2 * PIECE])
    here.cut()
    expect(await reader.range(middle - 4, middle - 2)).toEqual(ok(filled(middle - 4, middle - 2)))
    expect(await reader.range(0, 1)).toEqual(err({ kind: "offline" }))
  })

  it("of random ranges is what was written", async () => {
    const house = memoryStage()
    const size = 3 * CHUNK + 77
    const file = await upload(house, size)
    const reader = await (await device(house)).reader(file)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: size }), fc.nat({ max: CHUNK + 9 }), async (from, length) => {
        const part = await reader.range(from, from + length)
        expect(part.ok && Buffer.compare(part.value, filled(from, Math.min(size, from + length)))).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it("an empty file is empty, and whole", async () => {
    const house = memoryStage()
    const reader = await (await device(house)).reader(await upload(house, 0))
    expect(await reader.range(0, 10)).toEqual(ok(new Uint8Array()))
    for await (const part of reader.all()) expect(part).toEqual(ok(new Uint8Array()))
  })

  it("refuses what is not what was sent: a changed chunk, sizes that do not fit, another hash", async () => {
    const house = memoryStage()
    const file = await upload(house, 3 * CHUNK)
    const bytes = (await house.read(file.blob, 0, 0, file.sealedSize)) as Uint8Array
    expect(await openReader(fileCrypto, (await device(house)).pieces, { ...file, size: 5 })).toBeUndefined()
    const lied = await (await device(house)).reader({ ...file, sha256: new Uint8Array(32) })
    const heard: unknown[] = []
    for await (const part of lied.all()) heard.push(part.ok ? "ok" : part.error.kind)
    expect(heard).toEqual(["ok", "ok", "file_damaged"])
    await house.write(file.blob, 0, bytes.with(CHUNK + 50, (bytes[CHUNK + 50] as number) ^ 1))
    const here = await device(house)
    const reader = await here.reader(file)
    expect((await reader.range(0, 10)).ok).toBe(true)
    expect(await reader.range(CHUNK, CHUNK + 10)).toEqual(err({ kind: "file_damaged" }))
    // What was kept of it is gone: were it only this device's disk, the house would heal it.
    expect(await here.stage.list()).toEqual([])
  })
})

describe("what is kept", () => {
  it("gives way to what is newer, the longest unused first; what is on its way up stays", async () => {
    const house = memoryStage()
    const sizes = sealedSizeOf(CHUNK)
    const files = [await upload(house, CHUNK), await upload(house, CHUNK), await upload(house, CHUNK)]
    const here = await device(house, 2 * sizes)
    const own = newFile(CHUNK)
    await here.stage.write(own.blob, 0, new Uint8Array(sizes))
    await here.pieces.pending(own.blob, room, sizes)
    for (const file of files) await (await here.reader(file)).range(0, 1)
    expect([...here.pieces.all().keys()]).toEqual([own.blob, files[2]?.blob])
    await here.pieces.clear()
    expect([...here.pieces.all().keys()]).toEqual([own.blob])
    await here.pieces.settled(own.blob)
    await here.pieces.clear(other)
    expect(here.pieces.all().size).toBe(1)
    await here.pieces.clear(room)
    expect(await here.stage.list()).toEqual([])
  })

  it("is known again after a restart, and what nobody knows is swept", async () => {
    const house = memoryStage()
    const file = await upload(house, 10)
    const here = await device(house)
    await (await here.reader(file)).range(0, 1)
    await here.stage.write("stray", 0, new Uint8Array(3))
    const parts = { store: here.store, stage: here.stage, http: {} as BlobHttp, clock: () => 1 }
    const again = await openPieces({ ...parts, maxBytes: 1e9, onChange: () => {} })
    expect([...again.all().values()]).toMatchObject([{ room, bytes: sealedSizeOf(10) }])
    expect(await here.stage.list()).toEqual([file.blob])
  })
})

describe("preparing", () => {
  it("stops where the device is full, the file is gone, or nobody wants it any more", async () => {
    const run = async (parts: Partial<Parameters<typeof prepare>[0]>, from = source(9 * 1024 * 1024)) => {
      const all = {
        crypto: fileCrypto,
        stage: memoryStage(),
        wanted: () => true,
        progress: () => {},
        ...parts,
      }
      const done = await prepare(all, newFile(from.size), from)
      return done.ok ? "ok" : done.why
    }
    expect(await run({})).toBe("ok")
    expect(await run({ stage: memoryStage(PIECE + 1) })).toBe("full")
    expect(await run({ wanted: () => false })).toBe("stopped")
    const shrunk = { size: 9, slice: () => ({ arrayBuffer: async () => new ArrayBuffer(3) }) }
    expect(await run({}, shrunk)).toBe("gone")
    const lost = { size: 9, slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotReadable")) }) }
    expect(await run({}, lost)).toBe("gone")
  })

  it("cuts a file into pieces that add up to its ciphertext", () => {
    for (const size of [0, 1, CHUNK, 16 * CHUNK, 16 * CHUNK + 1, 2 ** 31]) {
      const sealed = sealedSizeOf(size)
      let sum = 0
      for (let piece = 0; piece < piecesOf(sealed); piece++) sum += pieceSize(sealed, piece)
      expect(sum).toBe(sealed)
    }
  })
})

describe("a name", () => {
  it("is one name, visible, and nothing that a file system takes for something else", () => {
    for (const [name, clean] of [
      ["../../etc/passwd", "passwd"],
      ["C:\\Windows\\x.txt", "x.txt"],
      ["tea\u202egpj.exe", "teagpj.exe"],
      ["a\u0000b\nc.txt", "abc.txt"],
      ["...", "file"],
      ["", "file"],
      [".htaccess", "htaccess"],
      ["con.txt", "_con.txt"],
      ["a/b/", "file"],
      ["茶 · 报告.pdf", "茶 · 报告.pdf"],
      ["x?<>.png", "x___.png"],
    ])
      expect(cleanFileName(name as string)).toBe(clean)
    const long = cleanFileName(`${"茶".repeat(10_000)}.pdf`)
    expect(long.length).toBe(FILE_NAME_MAX)
    expect(long.endsWith("茶.pdf")).toBe(true)
  })
})

describe("the first bytes", () => {
  const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))
  it("say what may be shown, and nothing else may", () => {
    expect(sniff(bytes("\xff\xd8\xff\xe0"))).toBe("image/jpeg")
    expect(sniff(bytes("\x89PNG\r\n\x1a\n"))).toBe("image/png")
    expect(sniff(bytes("GIF89a"))).toBe("image/gif")
    expect(sniff(bytes("RIFF....WEBPVP8 "))).toBe("image/webp")
    expect(sniff(bytes("\0\0\0\x20ftypavif"))).toBe("image/avif")
    expect(sniff(bytes("\0\0\0\x20ftypisom"))).toBe("video/mp4")
    expect(sniff(bytes("\x1a\x45\xdf\xa3....\x42\x82\x84webm"))).toBe("video/webm")
    expect(sniff(bytes("OggS"))).toBe("audio/ogg")
    expect(sniff(bytes("ID3\x04"))).toBe("audio/mpeg")
    for (const text of [
      "<svg xmlns='http://www.w3.org/2000/svg'>",
      "<!doctype html>",
      "%PDF-1.7",
      "PK\x03\x04",
      "MZ",
      "",
      "RIFF....AVI ",
      "\x1a\x45\xdf\xa3....matroska",
    ])
      expect(sniff(bytes(text))).toBeUndefined()
  })
})

describe("the pixels that a picture claims", () => {
  const bytes = (...parts: readonly (string | number)[]) =>
    Uint8Array.from(
      parts.flatMap((part) =>
        typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : [part & 255],
      ),
    )
  const be = (value: number, size: number) =>
    Array.from({ length: size }, (_, i) => value >>> (8 * (size - 1 - i)))
  const le = (value: number, size: number) => be(value, size).reverse()
  const heads: Record<string, (side: number) => Uint8Array> = {
    PNG: (side) => bytes("\x89PNG\r\n\x1a\n", ...be(13, 4), "IHDR", ...be(side, 4), ...be(9, 4)),
    GIF: (side) => bytes("GIF89a", ...le(side, 2), ...le(9, 2), 0x80, 0, 0, "rgbrgb", ",", ...le(0, 8), 0),
    "GIF with a larger picture behind its words": (side) =>
      bytes(
        "GIF89a",
        ...le(1, 4),
        0,
        0,
        0,
        "!\xfe",
        3,
        "tea",
        0,
        ",",
        ...le(0, 4),
        ...le(side, 2),
        ...le(9, 2),
      ),
    JPEG: (side) =>
      bytes(
        "\xff\xd8\xff\xe0",
        ...be(6, 2),
        "JFIF\xff\xff\xc2",
        ...be(11, 2),
        8,
        ...be(9, 2),
        ...be(side, 2),
      ),
    "WebP, lossy": (side) =>
      bytes("RIFF....WEBPVP8 ", ...le(20, 4), 0, 0, 0, 0x9d, 1, 0x2a, ...le(side, 2), ...le(9, 2)),
    "WebP, lossless": (side) =>
      bytes("RIFF....WEBPVP8L", ...le(20, 4), 0x2f, ...le((side - 1) | (8 << 14), 4)),
    "WebP, extended": (side) =>
      bytes("RIFF....WEBPVP8X", ...le(10, 4), ...le(0, 4), ...le(side - 1, 3), ...le(8, 3)),
    AVIF: (side) =>
      bytes("\0\0\0\x10ftypavif\0\0\0\0", ...be(20, 4), "ispe", ...be(0, 4), ...be(side, 4), ...be(9, 4)),
  }

  test.each(Object.entries(heads))("%s", (_, head) => {
    expect([isSmallPicture(head(1024)), isDrawable(head(1024)), claimsMuch(head(1024))]).toEqual([
      true,
      true,
      false,
    ])
    expect([isSmallPicture(head(1025)), isDrawable(head(1025)), claimsMuch(head(1025))]).toEqual([
      false,
      true,
      true,
    ])
  })
  test.each(Object.entries(heads).filter(([name]) => !/lossy|lossless/.test(name)))(
    "%s: a bomb",
    (_, head) => {
      expect(isDrawable(head(16_384))).toBe(true)
      expect(isDrawable(head(16_385))).toBe(false)
    },
  )
  it("are unknown where it breaks off, and then it is not drawn", () => {
    for (const head of Object.values(heads))
      for (let length = 0; length < head(9).length - 2; length++)
        expect(isDrawable(head(9).subarray(0, length))).toBe(false)
    expect(isSmallPicture(bytes("BM", ...le(0, 60)))).toBe(false)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => typeof isDrawable(noise) === "boolean"),
    )
  })
})
