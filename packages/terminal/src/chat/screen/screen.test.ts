/** What is drawn, with a small model of a terminal that reads what would be written to one. */
import { expect, test } from "vitest"
import { createModel } from "./model.fixture.ts"
import { paint } from "./paint.ts"
import { type Style, sgr } from "./style.ts"
import { createSurface, linesOf, type Surface } from "./surface.ts"
import { cut, pad, widthOf, wrap } from "./width.ts"

test("widths of what people write", () => {
  const widths: Record<string, number> = {
    ...{
      "": 0,
      abc: 3,
      茶馆: 4,
      ｆｕｌｌ: 8,
      é: 1,
      e\u0301: 1,
      "🍵": 2,
      "👩‍👩‍👧": 2,
      "🇨🇳": 2,
      "❤️": 2,
      "❤": 1,
    },
    ...{ "1️⃣": 2, "👍🏽": 2, "\u200b": 0, 한글: 4, กำ: 2, ア: 2, ｱ: 1, "…": 1, "、": 2, नि: 1, "①": 1 },
  }
  for (const [text, width] of Object.entries(widths)) expect([text, widthOf(text)]).toEqual([text, width])
})

test("cutting and padding never halve a sign", () => {
  expect(cut("茶馆里", 6)).toBe("茶馆里")
  expect(cut("茶馆里", 5)).toBe("茶馆…")
  expect(cut("茶馆里", 4)).toBe("茶…")
  expect(cut("👩‍👩‍👧👩‍👩‍👧", 3)).toBe("👩‍👩‍👧…")
  expect(pad("茶", 4)).toBe("茶  ")
  expect(widthOf(pad("茶馆里", 4))).toBe(4)
})

test("lines break between words, anywhere in Chinese but before a closing sign, and inside of what is too long", () => {
  expect(wrap("the quiet garden", 10)).toEqual(["the quiet", "garden"])
  expect(wrap("今天下午三点喝茶，好吗？", 8)).toEqual(["今天下午", "三点喝", "茶，好", "吗？"])
  expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"])
  expect(wrap("a\n\nb", 9)).toEqual(["a", "", "b"])
  expect(wrap("", 9)).toEqual([""])
  for (const width of [2, 3, 7, 20])
    for (const line of wrap("看 https://tea.example/很长的地址 👩‍👩‍👧👩‍👩‍👧 and words, 茶。", width))
      expect(widthOf(line)).toBeLessThanOrEqual(width)
})

const surfaceOf = (width: number, height: number, draw: (surface: Surface) => void) => {
  const surface = createSurface(width, height)
  draw(surface)
  return surface
}

test("a wide sign that is overwritten by half is gone as a whole", () => {
  const surface = createSurface(6, 1)
  surface.put(0, 0, "茶馆里")
  surface.put(1, 0, "x")
  expect(linesOf(surface)).toEqual([" x馆里"])
  surface.put(3, 0, "y")
  expect(linesOf(surface)).toEqual([" x y里"])
  surface.put(5, 0, "茶")
  expect(linesOf(surface)).toEqual([" x y里"])
})

test("nothing that is put on a surface commands the terminal", () => {
  const surface = surfaceOf(40, 1, (one) => one.put(0, 0, "a\x1b[2J\x07\u009b31mb\u202ec\r\nd"))
  expect(linesOf(surface)).toEqual(["a[2J31mbc d"])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  for (const { text } of surface.cells) expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
})

test("what is written to the terminal becomes the surface, from whatever was there", () => {
  const words = ["茶", "a", "🍵", " ", "👩‍👩‍👧", "é", "里边", "xyz", "❤️"]
  const styles: Style[] = [{}, { bold: true }, { fg: 2, inverse: true }, { fg: { r: 250, g: 10, b: 0 } }]
  let seed = 7
  const random = (most: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % most
  }
  const model = createModel(20, 5)
  let before: Surface | undefined
  for (let round = 0; round < 200; round++) {
    const after = surfaceOf(20, 5, (one) => {
      for (let n = 0; n < 12; n++)
        one.put(random(21) - 1, random(5), words[random(words.length)] ?? "", styles[random(styles.length)])
    })
    after.cursor = { x: random(20), y: random(5) }
    model.write(paint(before, after, true))
    expect(model.lines()).toEqual(linesOf(after))
    expect(model.cursor()).toEqual(after.cursor)
    const looks = after.cells.map(({ text, style }) => (text.trim() === "" ? "" : sgr(style, true)))
    expect(model.looks()).toEqual(looks)
    before = after
  }
})

test("only what differs is written, and nothing where nothing does", () => {
  const draw = (text: string) => surfaceOf(80, 24, (one) => one.put(3, 10, text))
  const [first, second] = [draw("quiet"), draw("quite")]
  expect(paint(first, draw("quiet"), true)).toBe("")
  const written = paint(first, second, true)
  expect(written).toContain("te")
  expect(written).not.toContain("q")
})

test("a terminal with 256 colours gets the nearest of its cube", () => {
  expect(sgr({ fg: { r: 255, g: 0, b: 0 } }, false)).toBe("\x1b[0;38;5;196m")
  expect(sgr({ bg: { r: 1, g: 2, b: 3 }, bold: true }, true)).toBe("\x1b[0;1;48;2;1;2;3m")
  expect(sgr({ fg: 2, bg: 9 }, true)).toBe("\x1b[0;32;101m")
})
