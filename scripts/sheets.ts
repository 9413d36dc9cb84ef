/**
 * `npm run sheets`: every screen in both languages, both themes, wide and narrow, on the made-up house; one sheet of small
 * pictures for each of the eight. They are for looking at: docs/screenshots/all-*.jpg.
 */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { openBrowser } from "../test/browser.ts"
import { openFakePage } from "../test/fake-page.ts"
import { chinese, english, type Names } from "../test/journey/names.ts"

const folder = join(import.meta.dirname, "..", "docs", "screenshots")
const room = (n: number) => `${String(n).padStart(20, "0")}AA`

type Shot = readonly [path: string, act?: (page: Page, names: Names) => Promise<void>]

const press = (name: string) => async (page: Page, names: Names) => {
  await page
    .getByRole("button", { name: names(name), exact: true })
    .first()
    .click()
}
const shots: readonly Shot[] = [
  ["sign-in?fake=signed-out"],
  ["create?fake=invite"],
  ["chats?fake=empty"],
  ["chats?fake=full"],
  [`chats/${room(101)}?fake=full`],
  [`chats/${room(103)}?fake=full`],
  [`chats/${room(106)}?fake=full`],
  [
    `chats/${room(106)}?fake=full`,
    async (page) =>
      page
        .getByRole("article")
        .last()
        .click({ button: "right", position: { x: 120, y: 8 } }),
  ],
  [`chats/${room(106)}?fake=full`, press("Emoji")],
  [`chats/${room(102)}?fake=files`],
  [`chats/${room(102)}?fake=files`, async (page) => page.locator("article img").first().click()],
  [`chats/${room(102)}?fake=offline`],
  [`chats/${room(104)}?fake=alarm`],
  [`chats/${room(105)}?fake=full`],
  [`chats/${room(101)}/details?fake=full`],
  [`chats/${room(106)}/details?fake=full`],
  ["contacts?fake=full"],
  ["contacts?fake=full", press("Add friend")],
  ["chats?fake=full", press("New group")],
  ["chats?fake=full", async (page) => page.keyboard.press("Control+k")],
  ["chats?fake=full", async (page) => page.keyboard.press("Control+/")],
  ["settings?fake=full"],
]

async function sheet(browser: Browser, url: string, look: Look): Promise<void> {
  const [language, colorScheme, size] = look
  const [width, height, columns] = size === "wide" ? [1280, 800, 4] : [390, 844, 8]
  const locale = language === "zh" ? "zh-CN" : "en-US"
  const context = await browser.newContext({
    ...{ locale, colorScheme, viewport: { width, height }, reducedMotion: "reduce" },
    ...{ hasTouch: size === "narrow", isMobile: size === "narrow" },
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const pictures: string[] = []
  for (const [path, act] of shots) {
    await page.goto(`${url}/1/${path}`)
    await page.locator("h1:visible").first().waitFor()
    await page.waitForTimeout(1_200)
    try {
      await act?.(page, language === "zh" ? chinese : english)
    } catch {
      console.error(`${look.join(" ")} ${path}: what should be done there cannot be done`)
    }
    await page.waitForTimeout(act ? 900 : 0)
    pictures.push((await page.screenshot({ type: "jpeg", quality: 82 })).toString("base64"))
  }
  await context.close()
  const small = Math.round(width * (size === "wide" ? 0.4 : 0.55))
  const paper = await browser.newPage({ viewport: { width: columns * (small + 12) + 12, height: 200 } })
  const images = pictures.map((each) => `<img width="${small}" src="data:image/jpeg;base64,${each}">`)
  await paper.setContent(
    `<body style="margin:12px;display:flex;flex-wrap:wrap;gap:12px;background:#888">${images.join("")}`,
  )
  await paper.waitForFunction(() => [...document.images].every((each) => each.complete))
  const name = `all-${look.join("-")}.jpg`
  await paper.screenshot({ path: join(folder, name), type: "jpeg", quality: 70, fullPage: true })
  await paper.close()
  console.log(`docs/screenshots/${name}`)
}

type Look = readonly [language: "en" | "zh", theme: "light" | "dark", size: "wide" | "narrow"]

/** `npm run sheets -- zh dark narrow`: only those. */
const asked = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const page = await openFakePage()
const browser = await openBrowser()
try {
  for (const language of ["en", "zh"] as const)
    for (const theme of ["light", "dark"] as const)
      for (const size of ["wide", "narrow"] as const)
        if (asked.every((one) => [language, theme, size].includes(one as never)))
          await sheet(browser, page.url, [language, theme, size])
} finally {
  await browser.close()
  page.close()
}
