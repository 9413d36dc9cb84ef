import { expect, test } from "vitest"
import { openBrowser } from "./browser.ts"
import { need } from "./need.ts"
import { chromiumPath } from "./program.ts"

test.runIf(need("Chromium (the journeys in a browser)", chromiumPath() !== undefined))(
  "a browser opens",
  async () => {
    const browser = await openBrowser()
    try {
      const page = await browser.newPage()
      await page.setContent("<button>Tea</button>")
      expect(await page.getByRole("button", { name: "Tea" }).count()).toBe(1)
      expect(await page.evaluate(() => typeof SharedWorker)).toBe("function")
    } finally {
      await browser.close()
    }
  },
)
