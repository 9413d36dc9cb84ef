import { concat, fromBase64url, utf8 } from "@teahouse/protocol/bytes.ts"
import { expect, test } from "vitest"
import { type Draft, decodeContent, encodeContent, sayable } from "./message.ts"
import {
  chunk,
  extended,
  frame,
  lossyFrame,
  png,
  pngChunk,
  pngHead,
  stickerOf,
  webp,
} from "./sticker.fixture.ts"
import { STICKER_BYTES, stickerId, stickerLook } from "./sticker.ts"

const pixels = pngChunk("IDAT", new Uint8Array(9))
const end = pngChunk("IEND")

test("a sticker's type and size are what its own bytes say", () => {
  // One pixel, written by libwebp.
  const one = fromBase64url("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA") as Uint8Array
  expect(stickerLook(one)).toEqual({ type: "image/webp", width: 1, height: 1 })
  const shapes = [
    webp(frame(240, 7)),
    webp(lossyFrame(240, 7)),
    webp(extended(240, 7), frame(240, 7)),
    webp(extended(240, 7), chunk("ALPH", new Uint8Array(3)), lossyFrame(240, 7)),
  ]
  for (const shape of shapes)
    expect(stickerLook(shape)).toEqual({ type: "image/webp", width: 240, height: 7 })
  const plain = png(pngHead(3, 240), pngChunk("sRGB", Uint8Array.of(0)), pixels, end)
  expect(stickerLook(plain)).toEqual({ type: "image/png", width: 3, height: 240 })
})

const grown = (bytes: number) => {
  const least = webp(frame(9, 9, new Uint8Array())).length
  return webp(frame(9, 9, new Uint8Array(bytes - least)))
}
const broken: readonly (readonly [string, Uint8Array])[] = [
  ["nothing", new Uint8Array()],
  ["a page", utf8('<!doctype html><script>alert(1)</script><img src="x">'.repeat(4))],
  ["a drawing with a script", utf8('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>')],
  ["a JPEG", concat(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), new Uint8Array(200))],
  ["a GIF", concat(utf8("GIF89a"), new Uint8Array(200))],
  ["too wide", webp(frame(241, 10))],
  ["too high", webp(lossyFrame(10, 241))],
  ["a bomb", webp(frame(16_384, 16_384))],
  ["a PNG bomb", png(pngHead(60_000, 60_000), pixels, end)],
  ["a PNG of no width", png(pngHead(0, 10), pixels, end)],
  ["a PNG wider than numbers go", png(pngHead(2 ** 31, 1), pixels, end)],
  ["too many bytes", grown(STICKER_BYTES + 2)],
  ["a frame larger than it says outside", webp(extended(10, 10), frame(9_000, 9_000))],
  ["a frame smaller than it says outside", webp(extended(240, 240), frame(10, 10))],
  ["an animation", webp(extended(10, 10, 2), frame(10, 10))],
  ["an animated PNG", png(pngHead(10, 10), pngChunk("acTL", new Uint8Array(8)), pixels, end)],
  ["a place beside the picture", webp(extended(10, 10, 8), frame(10, 10), chunk("EXIF", new Uint8Array(8)))],
  ["a text in a PNG", png(pngHead(10, 10), pngChunk("tEXt", utf8("GPS\0here")), pixels, end)],
  ["two heads", png(pngHead(10, 10), pngHead(9_000, 9_000), pixels, end)],
  ["something behind its end", concat(png(pngHead(10, 10), pixels, end), utf8("<script>"))],
  ["something behind its end in WebP", concat(webp(frame(10, 10)), utf8("<script>"))],
  ["cut off", webp(frame(10, 10)).slice(0, -1)],
  ["a PNG cut off", png(pngHead(10, 10), pixels)],
  [
    "a chunk that is longer than all",
    png(pngHead(10, 10), Uint8Array.of(255, 255, 255, 255, 73, 68, 65, 84)),
  ],
  ["no frame", webp(extended(10, 10))],
  ["two frames", webp(frame(10, 10), frame(10, 10))],
  ["a frame without its mark", webp(chunk("VP8 ", new Uint8Array(12)))],
]

test.each(broken)("no sticker: %s", (_, picture) => {
  expect(stickerLook(picture)).toBeUndefined()
  const draft: Draft = { kind: "sticker", picture }
  expect(sayable(draft)).toBe(false)
  expect(decodeContent(encodeContent(draft, { seq: 1, hash: new Uint8Array(32) }))).toBeUndefined()
})

test("the largest sticker can be said, with what it answers", () => {
  const picture = grown(STICKER_BYTES)
  expect(picture.length).toBe(STICKER_BYTES)
  const reply = { seq: 1, n: 1, user: stickerId(picture), text: "茶".repeat(200) }
  expect(sayable({ kind: "sticker", alt: "[Sticker]", picture, reply, forwarded: true, expires: 60 })).toBe(
    true,
  )
})

test("the same picture is the same sticker, another is another", () => {
  expect(stickerId(stickerOf("a"))).toBe(stickerId(stickerOf("a")))
  expect(stickerId(stickerOf("a"))).not.toBe(stickerId(stickerOf("b")))
})
