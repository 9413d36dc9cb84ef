import { expect, it } from "vitest"
import { exponentOf, lastDecade } from "./curve.ts"
import { plot } from "./plot.ts"

const sizes = [1, 10, 100, 1_000, 10_000]
const power = (k: number) => sizes.map((x) => ({ x, y: 3 * x ** k }))

it("finds the exponent of a power, whatever stands before it", () => {
  for (const k of [0, 0.5, 1, 2]) expect(exponentOf(power(k))).toBeCloseTo(k, 10)
})

it("says less than 1 over a fixed part, and in the last decade what it is", () => {
  const points = sizes.map((x) => ({ x, y: 1_000 + x }))
  expect(exponentOf(points)).toBeLessThan(0.5)
  expect(lastDecade(points).map(({ x }) => x)).toEqual([1_000, 10_000])
  expect(exponentOf(lastDecade(points))).toBeCloseTo(Math.log10(11_000 / 2_000), 10)
})

it("has two points in a last decade that is thin, and none for one size alone", () => {
  expect(
    lastDecade([
      { x: 1, y: 1 },
      { x: 1_000, y: 2 },
    ]),
  ).toHaveLength(2)
  expect(exponentOf([{ x: 5, y: 1 }])).toBeNaN()
})

it("draws every point of every curve, for a light and a dark reader, and closes what it opens", () => {
  const curves = [
    { name: "a <b> & c", unit: "µs", points: power(1) },
    { name: "flat", unit: "MB", points: power(0) },
  ]
  const svg = plot({ title: "grows", axis: "members", curves })
  expect(svg.match(/<circle/g)).toHaveLength(sizes.length + 1)
  expect(svg.match(/<polygon/g)).toHaveLength(sizes.length + 1)
  expect(svg).toContain("a &lt;b&gt; &amp; c: 3 → 30,000 µs, as size^1.00 (last decade ^1.00)")
  expect(svg).toContain("prefers-color-scheme: dark")
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  const open: string[] = []
  for (const [, close, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g))
    if (close) expect(open.pop()).toBe(name)
    else if (!self) open.push(name as string)
  expect(open).toEqual([])
})

it("puts what does not grow on a level line, and what grows as the size on the dashed one", () => {
  const svg = plot({ title: "t", axis: "x", curves: [{ name: "flat", unit: "", points: power(0) }] })
  const [, path] = /<g class="c0"><path d="([^"]+)"/.exec(svg) ?? []
  const heights = [...(path ?? "").matchAll(/ ([\d.]+)/g)].map((one) => one[1])
  expect(new Set(heights).size).toBe(1)
})
