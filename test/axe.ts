import { AxeBuilder } from "@axe-core/playwright"
import type { Page } from "playwright-core"

/**
 * What axe finds on a page that has come to rest, to be compared with []. Our pages hold no frames, so axe need not open a page
 * of its own to gather what frames say (legacy mode): that takes two thirds of the time. `except`: what has been looked at.
 */
export async function axe(page: Page, except?: string): Promise<[rule: string, elements: string[]][]> {
  await still(page)
  const look = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (except === undefined ? look : look.exclude(except)).analyze()
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}

export async function axeInBothThemes(page: Page): Promise<unknown[]> {
  const found: unknown[] = []
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme })
    found.push(...(await axe(page)).map((problem) => [colorScheme, problem]))
  }
  return found
}

/**
 * Until nothing has changed for a moment: all parts of the page have been fetched and what they show has come. What never rests
 * (a clock that counts) is not waited for longer than three seconds.
 */
export const still = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((done) => {
        const settle = () => {
          observer.disconnect()
          done()
        }
        let timer = setTimeout(settle, 300)
        const observer = new MutationObserver(() => {
          clearTimeout(timer)
          timer = setTimeout(settle, 300)
        })
        setTimeout(settle, 3_000)
        observer.observe(document.body, { subtree: true, childList: true, attributes: true })
      }),
  )
