/** UX 37–39: the application without a network, installed, and what it never serves. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startHouse } from "@teahouse/server/main.ts"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openBrowser, openProfile, PATIENCE } from "../browser.ts"
import { openTab } from "../journey/person.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const there = need("Chromium (without a network)", chromiumPath() !== undefined)

describe.runIf(there)("the application", () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-offline-"))
  let browser: Browser
  let profile: BrowserContext
  let house: Awaited<ReturnType<typeof startHouse>> | undefined
  let url: string

  beforeAll(async () => {
    house = await startHouse({ port: 0, data: folder, logTo: { write() {} } })
    url = house.url
    browser = await openBrowser()
    profile = await openProfile(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await house?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test("UX 37: a missing asset is a 404 and never the page", async () => {
    const answer = await fetch(`${url}/assets/nothing-12345678.js`)
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain("<html")
  })

  test("UX 37: it can be installed, under its name in each language", async () => {
    for (const [locale, name] of [
      ["en-US", "Teahouse 茶馆"],
      ["zh-CN", "茶馆 Teahouse"],
    ] as const) {
      const page = await (await openProfile(browser, locale)).newPage()
      await page.goto(url)
      const devtools = await page.context().newCDPSession(page)
      const { data, errors } = await devtools.send("Page.getAppManifest")
      expect(errors).toEqual([])
      const manifest = JSON.parse(data ?? "{}")
      expect(manifest.name).toBe(name)
      for (const { src, sizes, type } of manifest.icons) {
        const picture = await fetch(new URL(src, url))
        expect([picture.status, picture.headers.get("content-type")]).toEqual([200, type])
        if (type !== "image/png") continue
        // A PNG says its size in its first chunk.
        const bytes = Buffer.from(await picture.arrayBuffer())
        expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes)
      }
      const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors")
      // A profile of a test is not kept, and nothing in it can be installed.
      expect(
        installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"),
      ).toEqual([])
      await page.context().close()
    }
  })

  test("UX 37: with the house gone a closed tab opens again, chats and history are there, the banner and an export say so", async () => {
    const person = await openTab(profile, url)
    await person.createAccount("annie", "three quiet cups of oolong")
    await person.openChat("Notes to self")
    await person.say("to be read without a network")
    await person.page
      .getByRole("article")
      .filter({ hasText: "to be read without a network" })
      .getByRole("img", { name: "Sent" })
      .waitFor()
    await person.page.evaluate(async () => void (await navigator.serviceWorker.ready))
    await expect
      .poll(() => person.page.evaluate(() => navigator.serviceWorker.controller !== null), {
        timeout: PATIENCE,
      })
      .toBe(true)
    await person.page.close()
    await house?.stop()
    house = undefined

    const again = await openTab(profile, url)
    await again.openChat("Notes to self")
    await again.sees("to be read without a network")
    await again.connection("cut")
    await again.say("and written without one")
    await again.sees("to be read without a network", "and written without one")

    // An export needs the house for the password, and says so where it is asked for.
    await again.go("Settings")
    await again.named("button", "Export everything").click()
    const dialog = again.named("dialog", "Enter your password to export")
    const password = dialog.getByLabel("Password", { exact: true })
    await password.fill("three quiet cups of oolong")
    await password.press("Enter")
    await dialog.getByRole("alert").getByText("there is no connection to it. Nothing was exported.").waitFor()
  })
})
