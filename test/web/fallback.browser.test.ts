/** A browser without SharedWorker, as on Android: one tab hosts the client for all, and hands over when it goes. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startHouse } from "@teahouse/server/main.ts"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openBrowser, openProfile, PATIENCE } from "../browser.ts"
import { openTab } from "../journey/person.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const there = need("Chromium (without SharedWorker)", chromiumPath() !== undefined)
const patience = { timeout: PATIENCE }

describe.runIf(there)("a browser without SharedWorker", () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-fallback-"))
  let browser: Browser
  let house: Awaited<ReturnType<typeof startHouse>>

  beforeAll(async () => {
    house = await startHouse({ port: 0, data: folder, logTo: { write() {} } })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await house?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test("two tabs share one device; when the hosting tab is closed, the chat goes on in the other", async () => {
    const profile = await openProfile(browser)
    await profile.addInitScript(() => Reflect.deleteProperty(globalThis, "SharedWorker"))
    const first = await openTab(profile, house.url)
    await first.createAccount("solo", "three quiet cups of oolong")
    await first.openChat("Notes to self")
    await first.say("from the first tab")
    const second = await openTab(profile, first.page.url())
    await second.sees("from the first tab")
    await second.say("from the second tab")
    await first.sees("from the first tab", "from the second tab")
    expect([first.page.workers().length, second.page.workers().length]).toEqual([1, 0])

    await first.page.close()
    await expect.poll(() => second.page.workers().length, patience).toBe(1)
    await second.say("after it was closed")
    const sent = second.page.getByRole("article").filter({ hasText: "after it was closed" })
    await sent.getByRole("img", { name: "Sent" }).waitFor(patience)
    await second.sees("from the first tab", "from the second tab", "after it was closed")

    const third = await openTab(profile, second.page.url())
    await third.sees("from the first tab", "from the second tab", "after it was closed")
    await third.say("and a third")
    await second.sees("after it was closed", "and a third")
    await second.go("Settings")
    expect(await second.page.getByRole("list", { name: "Devices" }).getByRole("listitem").count()).toBe(1)
  })
})
