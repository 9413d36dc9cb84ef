/** On a terminal that counts each code point by itself, as tmux does, nothing of what stood there before is left on the screen. */
import { expect, test } from "vitest"
import { createModel } from "./model.fixture.ts"
import { paint } from "./paint.ts"
import { createSurface, type Surface } from "./surface.ts"
import { clusters, reachOf, widthOf } from "./width.ts"

const withText = (draw: (surface: Surface) => void) => {
  const surface = createSurface(24, 3)
  draw(surface)
  return surface
}

test("families, skin tones, flags and conjuncts leave nothing behind, whatever comes after them", () => {
  const signs = ["👩‍👩‍👧‍👦", "👍🏽", "🇨🇳", "नमस्ते", "க்ஷ", "A\u0351\u036b"]
  const model = createModel(24, 3, (words) => [...words])
  let before: Surface | undefined
  const show = (after: Surface) => {
    model.write(paint(before, after, true))
    before = after
  }
  for (const [n, sign] of signs.entries()) {
    show(withText((one) => one.put(2 + n, 1, `${sign} ab`)))
    expect(model.lines()[1]).toMatch(/ ab$/)
    // Its place is taken by words, by nothing, and by what begins a cell before it.
    for (const words of ["quiet", "", "茶"]) {
      show(withText((one) => one.put(1 + n, 1, sign)))
      show(withText((one) => one.put(2 + n - (words === "茶" ? 1 : 0), 1, words)))
      expect([sign, model.lines()[1]?.trim()]).toEqual([sign, words])
    }
  }
})

test("a conjunct is a cell for each of its letters, and all of them are seen", () => {
  expect(clusters("नमस्ते").map(({ text }) => text)).toEqual(["न", "म", "स्", "ते"])
  expect(["नमस्ते", "क्षि", "한글", "กำ", "ເຈົ້າ"].map(widthOf)).toEqual([4, 2, 4, 2, 3])
  const model = createModel(24, 3, (words) => [...words])
  model.write(
    paint(
      undefined,
      withText((one) => one.put(0, 0, "नमस्ते!")),
      true,
    ),
  )
  // This model keeps no signs that combine.
  expect(model.lines()[0]).toBe("नमसत!")
})

test("how far such a terminal goes", () => {
  expect(["a", "茶", "🍵", "👍🏽", "👩‍👩‍👧", "🇨🇳", "é", "e\u0301"].map(reachOf)).toEqual([
    1, 2, 2, 4, 6, 4, 1, 1,
  ])
})
