/** The system's Chromium, driven by playwright-core. It speaks with nobody but the house. */
import { type Browser, type BrowserContext, chromium } from "playwright-core"
import { chromiumPath } from "./program.ts"

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
]

export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error("no Chromium on this machine")
  return chromium.launch({ executablePath, args: flags, headless: true })
}

/** One browser profile: storage, workers and accounts of its own. */
export const openProfile = (browser: Browser, locale: "en-US" | "zh-CN" = "en-US"): Promise<BrowserContext> =>
  browser.newContext({ locale, viewport: { width: 1280, height: 800 } })
