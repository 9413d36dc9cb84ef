/* biome-ignore-all lint/suspicious/noControlCharactersInRegex: what is written to terminals */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { encode } from "jpeg-js"
import { PNG } from "pngjs"
import { expect, test } from "vitest"
import { sgr } from "../screen/style.ts"
import { type Able, ableAfter, ableBy } from "./able.ts"
import { drawPicture } from "./draw.ts"
import { cellsFor, decodeHash, decodePicture, type Pixels, scaled } from "./pixels.ts"
import { fileToSend } from "./prepare.ts"
import { sixel } from "./sixel.ts"

/** Left half red, right half blue. */
const flag = (width: number, height: number): Pixels => {
  const data = new Uint8Array(width * height * 4)
  for (let n = 0; n < width * height; n++)
    data.set(n % width < width / 2 ? [255, 0, 0, 255] : [0, 0, 255, 255], n * 4)
  return { width, height, data }
}
const pngOf = ({ width, height, data }: Pixels) => {
  const png = new PNG({ width, height })
  png.data.set(data)
  return PNG.sync.write(png)
}
const able = (graphics: Able["graphics"]): Able => ({ graphics, cell: { width: 10, height: 20 }, deep: true })

test("JPEG and PNG are decoded, everything else is undefined and never a fault", async () => {
  const small = flag(8, 4)
  expect(await decodePicture(pngOf(small))).toMatchObject({ width: 8, height: 4 })
  const jpeg = encode({ width: 8, height: 4, data: Buffer.from(small.data) }, 90).data
  expect(await decodePicture(jpeg)).toMatchObject({ width: 8, height: 4 })
  for (const cut of [0, 1, 2, 10, 40])
    expect(await decodePicture(pngOf(small).subarray(0, cut))).toBeUndefined()
  expect(await decodePicture(jpeg.subarray(0, 30))).toBeUndefined()
  expect(await decodePicture(Buffer.from("RIFF0000WEBPVP8 "))).toBeUndefined()
  // What has more pixels than may be is refused by its head.
  expect(await decodePicture(pngOf(small), 32)).toBeDefined()
  for (const bytes of [pngOf(small), jpeg]) expect(await decodePicture(bytes, 31)).toBeUndefined()
  expect(await decodeHash(Uint8Array.of(1))).toBeUndefined()
})

test("half blocks show two pixels to a cell", async () => {
  const { blocks, native } = await drawPicture(flag(8, 8), { columns: 4, rows: 2 }, able("none"))
  expect(native).toBeUndefined()
  expect(blocks.length).toBe(2)
  expect(blocks[0]?.map((style) => sgr(style, true))).toEqual([
    ...[1, 2].map(() => "\x1b[0;38;2;255;0;0;48;2;255;0;0m"),
    ...[1, 2].map(() => "\x1b[0;38;2;0;0;255;48;2;0;0;255m"),
  ])
})

test("a picture keeps its shape within what there is", () => {
  expect(cellsFor({ width: 400, height: 100 }, { columns: 40, rows: 10 })).toEqual({ columns: 40, rows: 5 })
  expect(cellsFor({ width: 100, height: 400 }, { columns: 40, rows: 10 })).toEqual({ columns: 5, rows: 10 })
  expect(cellsFor({ width: 4, height: 1 }, { columns: 40, rows: 10 })).toEqual({ columns: 4, rows: 1 })
  expect(scaled(flag(7, 3), 3, 3).data.length).toBe(36)
})

test("the terminal's own graphics", async () => {
  const draw = async (graphics: Able["graphics"]) =>
    (await drawPicture(flag(80, 40), { columns: 8, rows: 4 }, able(graphics))).native
  const kitty = await draw("kitty")
  expect(kitty?.data).toMatch(/^\x1b_Ga=T,f=32,s=80,v=80,c=8,r=4,i=\d+,C=1,q=2,m=1;/)
  const parts = kitty?.data.split("\x1b\\").filter(Boolean) ?? []
  expect(parts.every((part) => part.length < 4096 + 60)).toBe(true)
  const bytes = Buffer.from(parts.map((part) => part.slice(part.indexOf(";") + 1)).join(""), "base64")
  expect(bytes.length).toBe(80 * 80 * 4)
  expect(kitty?.erase).toMatch(/^\x1b_Ga=d,d=i,i=\d+,q=2\x1b\\$/)
  const iterm = (await draw("iterm"))?.data ?? ""
  expect(iterm).toMatch(/^\x1b\]1337;File=size=\d+;width=8;height=4;.*:/)
  expect(PNG.sync.read(Buffer.from(iterm.slice(iterm.indexOf(":") + 1, -1), "base64")).width).toBe(80)
  expect((await draw("sixel"))?.data).toMatch(/^\x1bP0;1q"1;1;80;80#/)
})

test("sixel: a band for six rows, a pass for each colour", () => {
  expect(sixel(flag(8, 6))).toBe('\x1bP0;1q"1;1;8;6#180;2;100;0;0#5;2;0;0;100#180!4~!4?$#5!4?!4~$-\x1b\\')
  expect(sixel(flag(2, 1))).toContain("#180@?$#5?@$-")
})

test("what a terminal can is what it says", () => {
  expect(ableBy({ TERM: "xterm" })).toMatchObject({ graphics: "none", deep: false })
  expect(ableBy({ TERM_PROGRAM: "WezTerm", COLORTERM: "truecolor" })).toMatchObject({
    graphics: "iterm",
    deep: true,
  })
  expect(ableBy({ TERM_PROGRAM: "iTerm.app", TMUX: "/tmp/x" }).graphics).toBe("none")
  const none = ableBy({})
  expect(ableAfter(none, "Gi=4207;OK").graphics).toBe("kitty")
  expect(ableAfter(none, "?62;4;22c").graphics).toBe("sixel")
  expect(ableAfter(none, "?62;22c").graphics).toBe("none")
  expect(ableAfter(ableAfter(none, "Gi=4207;OK"), "?62;4c").graphics).toBe("kitty")
  expect(ableAfter(none, "6;18;9t").cell).toEqual({ width: 9, height: 18 })
  expect(ableAfter(none, "6;0;0t")).toEqual(none)
})

test("a picture leaves the device without what its camera wrote, and with its measures", async () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-picture-"))
  try {
    const path = join(folder, "lake.jpg")
    const jpeg = encode({ width: 8, height: 4, data: Buffer.from(flag(8, 4).data) }, 90).data
    const exif = Buffer.from("Exif\0\0MM\0*\0\0\0\b\0\0secret place")
    const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2])
    writeFileSync(path, Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]))
    const { file, uncleaned } = await fileToSend(path)
    expect(uncleaned).toBe(false)
    expect(file).toMatchObject({
      name: "lake.jpg",
      type: "image/jpeg",
      media: { kind: "image", width: 8, height: 4 },
    })
    const sent = Buffer.from(await file.source.slice(0, file.source.size).arrayBuffer())
    expect(sent.includes("secret")).toBe(false)
    expect(await decodePicture(sent)).toMatchObject({ width: 8, height: 4 })
    writeFileSync(path, readFileSync(path).subarray(0, 60))
    expect(await fileToSend(path)).toMatchObject({ uncleaned: true })
    await expect(fileToSend(join(folder, "none.jpg"))).rejects.toMatchObject({ code: "ENOENT" })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
