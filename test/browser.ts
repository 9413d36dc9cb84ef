/** The system's Chromium, driven by playwright-core. It speaks with nobody but the house. */
import { type Browser, type BrowserContext, chromium } from "playwright-core"
import { chromiumPath } from "./program.ts"

export { PATIENCE } from "./patience.ts"

export const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
]

/** `more`: flags that a test needs besides, such as a made-up microphone. */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error("no Chromium on this machine")
  return chromium.launch({ executablePath, args: [...flags, ...more], headless: true })
}

/** One browser profile: storage, workers and accounts of its own. */
export const openProfile = (browser: Browser, locale: "en-US" | "zh-CN" = "en-US"): Promise<BrowserContext> =>
  browser.newContext({ locale, viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" })
