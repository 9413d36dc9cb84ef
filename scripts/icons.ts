/**
 * Draws the application's pictures from our own SVG: `node scripts/icons.ts`. The results are committed, because the build
 * must not need a browser. Maskable ones fill their square and keep the cup inside the circle that every system shows;
 * the badge of a notification is a white shape, because systems take its outline alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { openBrowser } from "../test/browser.ts"

const web = join(import.meta.dirname, "../packages/web/public")
const source = readFileSync(join(web, "favicon.svg"), "utf8")
const inner = source.replace(/^[\s\S]*?<\/title>/, "").replace("</svg>", "")
const [ground = ""] = /<rect[^>]*>/.exec(inner) ?? []
const cup = inner.replace(ground, "")

const svg = (size: number, body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="${size}" height="${size}">${body}</svg>`
const maskable = `<rect width="64" height="64" fill="#2c5a4c"/><g transform="translate(32 32) scale(.72) translate(-32 -32)">${cup}</g>`
const white = cup.replace(/stroke="#e9dfc6"/, 'stroke="#fff"').replace(/fill="#f6f1e7"/, 'fill="#fff"')
const pictures: [string, number, string][] = [
  ["icon-192.png", 192, inner],
  ["icon-512.png", 512, inner],
  ["maskable-192.png", 192, maskable],
  ["maskable-512.png", 512, maskable],
  // iOS rounds it by itself and knows no transparency.
  ["apple-180.png", 180, maskable],
  ["badge-96.png", 96, white.replace(/<path[^>]*opacity=".75"[^>]*>/, "")],
]

const browser = await openBrowser()
const page = await browser.newPage()
mkdirSync(join(web, "icons"), { recursive: true })
for (const [name, size, body] of pictures) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg(size, body)}`)
  writeFileSync(join(web, "icons", name), await page.screenshot({ omitBackground: true }))
}
await browser.close()
