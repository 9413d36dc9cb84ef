/**
 * Curves as a picture, an SVG written by hand: both axes logarithmic, each curve in times of its own first point, so that costs with
 * different units can be compared by their slope. A dashed line grows as the size does. The colours follow the reader's light or dark
 * scheme; shapes tell the curves apart without colour. A library for this would be larger than the bench.
 */
import { type Curve, exponentOf, lastDecade, type Point } from "./curve.ts"

const WIDTH = 780
const PLOT = { left: 64, top: 44, right: 756, bottom: 340 }
const LEGEND_LINE = 22
const LIGHT = ["#0969da", "#bc4c00", "#1a7f37", "#8250df", "#cf222e"]
const DARK = ["#58a6ff", "#ffa657", "#56d364", "#d2a8ff", "#ff7b72"]

export type Picture = { readonly title: string; readonly axis: string; readonly curves: readonly Curve[] }

export function plot({ title, axis, curves }: Picture): string {
  const shown = curves.map((curve) => ({ ...curve, points: relative(curve.points) }))
  const all = shown.flatMap(({ points }) => points)
  const xs = decades(all.map(({ x }) => x))
  // At least a decade each way, so that what is flat looks flat.
  const ys = decades([...all.map(({ y }) => y), 0.5, 20])
  const place = (range: Range, from: number, to: number) => (value: number) =>
    from + ((Math.log10(value) - range.low) / (range.high - range.low)) * (to - from)
  const [px, py] = [place(xs, PLOT.left, PLOT.right), place(ys, PLOT.bottom, PLOT.top)]
  const height = PLOT.bottom + 52 + LEGEND_LINE * curves.length
  const grid = [
    ...ticks(xs).map(
      (x) => line(px(x), PLOT.top, px(x), PLOT.bottom) + text(px(x), PLOT.bottom + 18, "middle", short(x)),
    ),
    ...ticks(ys).map(
      (y) =>
        line(PLOT.left, py(y), PLOT.right, py(y)) + text(PLOT.left - 8, py(y) + 4, "end", `${short(y)}×`),
    ),
  ]
  const first = Math.min(...all.map(({ x }) => x))
  const end = Math.min(10 ** xs.high, first * 10 ** ys.high)
  const linear = `<path class="linear" d="M${at(px(first), py(1))}L${at(px(end), py(end / first))}"/>`
  const drawn = shown.map(({ points }, i) => {
    const path = points.map(({ x, y }, k) => `${k ? "L" : "M"}${at(px(x), py(y))}`).join("")
    return `<g class="c${i}"><path d="${path}"/>${points.map(({ x, y }) => mark(i, px(x), py(y))).join("")}</g>`
  })
  const legend = curves.map((curve, i) => {
    const y = PLOT.bottom + 58 + i * LEGEND_LINE
    return `<g class="c${i}">${mark(i, PLOT.left + 6, y - 4)}</g>${text(PLOT.left + 20, y, "start", wordsOf(curve))}`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${styleOf(curves.length)}</style>
${text(PLOT.left, 24, "start", title, "title")}
${grid.join("\n")}
${text(PLOT.right, PLOT.bottom + 36, "end", axis)}
${linear}
${drawn.join("\n")}
${legend.join("\n")}
</svg>
`
}

function styleOf(count: number): string {
  const colours = (of: readonly string[]) =>
    of
      .slice(0, count)
      .map((one, i) => `.c${i},.c${i} path{stroke:${one}}.c${i}{fill:${one}}`)
      .join("")
  return [
    "path{fill:none;stroke-width:2}text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-size:15px;font-weight:600}",
    "path.grid{stroke:#8c959f;stroke-opacity:.35;stroke-width:1}path.linear{stroke:#8c959f;stroke-width:1;stroke-dasharray:4 4;fill:none}",
    colours(LIGHT),
    `@media (prefers-color-scheme: dark){text{fill:#9da7b3}${colours(DARK)}}`,
  ].join("")
}

const relative = (points: readonly Point[]): Point[] => {
  const usable = points.filter(({ x, y }) => x > 0 && y > 0)
  const first = usable[0]?.y ?? 1
  return usable.map(({ x, y }) => ({ x, y: y / first }))
}

function wordsOf({ name, unit, points }: Curve): string {
  const [first, last] = [points[0], points.at(-1)]
  const k = (of: readonly Point[]) => exponentOf(of).toFixed(2)
  return `${name}: ${short(first?.y ?? 0)} → ${short(last?.y ?? 0)} ${unit}, as size^${k(points)} (last decade ^${k(lastDecade(points))})`
}

type Range = { readonly low: number; readonly high: number }
function decades(values: readonly number[]): Range {
  const logs = values.map(Math.log10)
  const low = Math.floor(Math.min(...logs))
  return { low, high: Math.max(low + 1, Math.ceil(Math.max(...logs))) }
}
const ticks = ({ low, high }: Range) => Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))

const at = (x: number, y: number) => `${x.toFixed(1)} ${y.toFixed(1)}`
const line = (x1: number, y1: number, x2: number, y2: number) =>
  `<path class="grid" d="M${at(x1, y1)}L${at(x2, y2)}"/>`
const text = (x: number, y: number, anchor: string, words: string, kind?: string) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${kind ? ` class="${kind}"` : ""}>${escaped(words)}</text>`

/** A disc, a square, a triangle, a diamond, a bar. */
function mark(i: number, x: number, y: number): string {
  const corners = [
    [],
    [-4, -4, 4, -4, 4, 4, -4, 4],
    [0, -5, 5, 4, -5, 4],
    [0, -6, 6, 0, 0, 6, -6, 0],
    [-6, -2, 6, -2, 6, 2, -6, 2],
  ]
  const shape = corners[i % corners.length] as number[]
  if (shape.length === 0) return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4"/>`
  const points = shape.map((one, k) => (one + (k % 2 ? y : x)).toFixed(1)).join(" ")
  return `<polygon points="${points}"/>`
}

/** 100,000 as 10⁵'s plain form; three digits of anything smaller. */
const short = (value: number) =>
  value >= 1_000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)))
const escaped = (words: string) =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
