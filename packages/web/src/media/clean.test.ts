import { isTooLarge } from "@teahouse/client/file/pixels.ts"
import { joined, latin1 } from "@teahouse/client/media/bytes.ts"
import { clean } from "@teahouse/client/media/clean.ts"
import { formatOf } from "@teahouse/client/media/format.ts"
import {
  box,
  bytes,
  exif,
  exifSegment,
  gif,
  gifExtension,
  jpeg,
  jpegSegment,
  png,
  pngChunk,
  riffChunk,
  webp,
} from "@teahouse/client/media/samples.fixture.ts"
import { describe, expect, it } from "vitest"
import { factsOf } from "./facts.ts"
import { cleanFilm } from "./isobmff.ts"

const text = (b: Uint8Array | undefined) => latin1(b ?? new Uint8Array(), 0, b?.length ?? 0)
const secret = /SECRET|GPS|Exif|http:|ns\.adobe/

/** The same numbers each time, so that a failure can be seen again. */
function dice(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
const noise = (roll: (below: number) => number) =>
  joined([bytes("SECRET"), Uint8Array.from({ length: roll(300) }, () => roll(256))])

describe("what a camera wrote beside a picture is gone, and the picture is untouched (UX 23)", () => {
  it("JPEG: whatever segments of applications and comments stand in it", () => {
    const icc = jpegSegment(0xe2, joined([bytes("ICC_PROFILE\0\x01\x01"), bytes("colours")]))
    const plain = jpeg([icc])
    for (let seed = 1; seed <= 200; seed++) {
      const roll = dice(seed)
      const junk = Array.from({ length: 1 + roll(6) }, () => {
        const marker = [0xe0, 0xe1, 0xe2, 0xe3, 0xe5, 0xed, 0xee, 0xef, 0xf0, 0xfe][roll(10)] ?? 0xe1
        return roll(4) === 0 ? exifSegment(1 + roll(8), roll(2) === 0) : jpegSegment(marker, noise(roll))
      })
      const at = roll(junk.length + 1)
      const dirty = joined([jpeg([...junk.slice(0, at), icc, ...junk.slice(at)]), noise(roll)])
      const out = clean("jpeg", dirty)
      expect(out, `seed ${seed}`).toEqual(plain)
      expect(text(out)).not.toMatch(secret)
      expect(text(out)).toContain("ICC_PROFILE")
    }
  })

  it("JPEG: the thumbnail in JFIF, and a second picture behind the end", () => {
    const jfif = jpegSegment(
      0xe0,
      joined([bytes("JFIF\0"), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 1, 1), bytes("RGB")]),
    )
    const whole = jpeg()
    const out = clean(
      "jpeg",
      joined([whole.subarray(0, 2), jfif, whole.subarray(20), jpeg([exifSegment(6)])]),
    )
    expect(out?.length).toBe(whole.length)
    expect(text(out)).not.toMatch(/RGB|Exif/)
  })

  it("JPEG: an orientation that is kept is the only EXIF", () => {
    const out = clean("jpeg", jpeg([exifSegment(6)]), 6)
    expect(text(out)).not.toMatch(/SECRET|GPS/)
    expect(factsOf("jpeg", out ?? new Uint8Array())).toMatchObject({ orientation: 6, width: 8, height: 8 })
  })

  it("PNG: text, EXIF, time, private chunks, and the rest of a cropped screenshot", () => {
    const names = ["tEXt", "zTXt", "iTXt", "eXIf", "tIME", "iDOT", "prVt"]
    for (let seed = 1; seed <= 100; seed++) {
      const roll = dice(seed)
      const junk = Array.from({ length: 1 + roll(5) }, () =>
        pngChunk(names[roll(names.length)] ?? "tEXt", noise(roll)),
      )
      expect(clean("png", joined([png(5, 4, junk), noise(roll)])), `seed ${seed}`).toEqual(png(5, 4))
    }
  })

  it("WebP: EXIF and XMP, and the marks that say they are there", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const roll = dice(seed)
      const junk = Array.from({ length: 1 + roll(4) }, () =>
        riffChunk(["EXIF", "XMP ", "abcd"][roll(3)] ?? "EXIF", noise(roll)),
      )
      expect(clean("webp", joined([webp(junk), noise(roll)])), `seed ${seed}`).toEqual(webp())
    }
  })

  it("GIF: comments and XMP, while it goes on looping", () => {
    const loop = gifExtension(0xff, bytes("NETSCAPE2.0"), Uint8Array.of(1, 0, 0))
    const junk = [
      gifExtension(0xfe, bytes("SECRET")),
      gifExtension(0xff, bytes("XMP DataXMP"), bytes("SECRET")),
    ]
    expect(clean("gif", gif([...junk, loop]))).toEqual(gif([loop]))
  })

  it("films: where they were made, in place, so that nothing else moves", async () => {
    const words = box("udta", box("\xa9xyz", bytes("+48.2082+016.3738/")))
    const moov = box("moov", box("mvhd", new Uint8Array(20)), box("trak", box("tkhd"), words), words)
    const data = box("mdat", bytes("pictures of a film"))
    const film = joined([box("ftyp", bytes("isom")), moov, data, box("meta", bytes("SECRET"))])
    const out = new Uint8Array(await (await cleanFilm(new Blob([film]))).arrayBuffer())
    expect(out.length).toBe(film.length)
    expect(text(out)).not.toMatch(/48\.2082|SECRET/)
    expect(text(out)).toContain("pictures of a film")
    expect(text(out).indexOf("mdat")).toBe(text(film).indexOf("mdat"))
  })
})

describe("the head of a picture", () => {
  it("says what it is, how large, and which way up", () => {
    expect(formatOf(jpeg())).toBe("jpeg")
    expect(factsOf("jpeg", jpeg([exifSegment(8, true)]))).toMatchObject({
      width: 8,
      height: 8,
      orientation: 8,
    })
    expect(formatOf(png(5, 4))).toBe("png")
    expect(factsOf("png", png(5, 4, [pngChunk("eXIf", exif(3))]))).toMatchObject({
      width: 5,
      height: 4,
      orientation: 3,
    })
    expect(formatOf(webp())).toBe("webp")
    expect(factsOf("webp", webp([riffChunk("EXIF", exif(6))]))).toMatchObject({
      width: 1,
      height: 1,
      orientation: 6,
    })
    expect(formatOf(gif())).toBe("gif")
    expect(factsOf("gif", gif())).toMatchObject({ width: 1, height: 1, animated: false })
    expect(formatOf(box("ftyp", bytes("isom\0\0\0\0mp42")))).toBe("mp4")
    expect(formatOf(box("ftyp", bytes("avif\0\0\0\0mif1")))).toBe("avif")
    expect(formatOf(box("ftyp", bytes("heic\0\0\0\0mif1heic")))).toBe("heic")
  })

  it("is believed when it claims a picture that would fill the memory, before anything is decoded", () => {
    const bomb = png(2, 2, [], { width: 60_000, height: 60_000 })
    const facts = factsOf("png", bomb)
    expect(facts).toMatchObject({ width: 60_000, height: 60_000 })
    expect(facts && isTooLarge(facts)).toBe(true)
    expect(isTooLarge({ width: 16_385, height: 1 })).toBe(true)
    expect(isTooLarge({ width: 8_000, height: 5_000 })).toBe(false)
  })

  it("text, pages and drawings that can hold script are no pictures", () => {
    for (const words of ["<svg xmlns='http://www.w3.org/2000/svg'>", "<!doctype html>", "", "GIF8", "BM"])
      expect(formatOf(bytes(words))).toBeUndefined()
  })

  it("bytes cut off or altered anywhere give a picture, or nothing, and never an exception", () => {
    const samples = [
      ["jpeg", jpeg([exifSegment(6)])],
      ["png", png(5, 4)],
      ["webp", webp([riffChunk("EXIF", exif(6))])],
      ["gif", gif([gifExtension(0xfe, bytes("hello"))])],
      [
        "heic",
        joined([box("ftyp", bytes("heic")), box("meta", bytes("\0\0\0\0"), box("iprp", box("ipco")))]),
      ],
      ["bmp", joined([bytes("BM"), new Uint8Array(40)])],
    ] as const
    const roll = dice(7)
    for (const [format, whole] of samples)
      for (let i = 0; i < 400; i++) {
        const cut = whole.slice(0, roll(whole.length + 1))
        for (let n = roll(4); n > 0 && cut.length > 0; n--) cut[roll(cut.length)] = roll(256)
        formatOf(cut)
        factsOf(format, cut)
        clean(format, cut)
      }
  })
})
