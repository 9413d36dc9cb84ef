/** A house in a LAN: what a person sees first, how the page explains it, and that the chat works once its certificate is trusted. */
import { createHash, X509Certificate } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { begin } from "../../packages/teahouse/src/run.fixture.ts"
import { axe } from "../axe.ts"
import { openBrowser, openProfile } from "../browser.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { openTab } from "./person.ts"

const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

describe.runIf(chromium)("a house with a certificate of its own", () => {
  const data = mkdtempSync(join(tmpdir(), "teahouse-lan-"))
  let house: ReturnType<typeof begin>
  let browser: Browser
  const said = (what: RegExp) => what.exec(house.said.out)?.[1] ?? ""

  beforeAll(async () => {
    const env = { TEAHOUSE_TLS: "self-signed", TEAHOUSE_REDIRECT_PORT: "0", TEAHOUSE_LOG: "silent" }
    house = begin(["serve", "--host", "127.0.0.1", "--port", "0", "--data", data], env)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    house?.child.kill("SIGTERM")
    await house?.ended
    rmSync(data, { recursive: true, force: true })
  })

  test("warns, is explained in both languages with the fingerprint that it has printed, and works when it is trusted", async () => {
    await expect.poll(() => said(/Other devices open (http:\S+) first/)).not.toBe("")
    const url = said(/Teahouse is open at (https:\S+)/)
    const explained = said(/Other devices open (http:\S+) first/)
    const fingerprint = said(/fingerprint of the house's own certificate: ([0-9A-F:]+)/)
    const stranger = await openProfile(browser)
    const page = await stranger.newPage()
    await expect(page.goto(url)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID")

    for (const [locale, title, other, colorScheme] of [
      ["en-US", "Let this device trust the house", "中文", "light"],
      ["zh-CN", "让这台设备信任茶馆", "English", "dark"],
    ] as const) {
      const reader = await (await openProfile(browser, locale)).newPage()
      const wrong: string[] = []
      reader.on("console", (message) => message.type() === "error" && wrong.push(message.text()))
      await reader.goto(explained)
      expect(await reader.getByRole("heading", { level: 1 }).textContent()).toBe(title)
      expect(await reader.locator(".print").textContent()).toBe(fingerprint)
      await reader.getByText("Android", { exact: false }).first().click()
      expect(await reader.getByText("teahouse.crt").first().isVisible()).toBe(true)
      await reader.setViewportSize({ width: 360, height: 700 })
      const wide = await reader.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(wide).toBe(0)
      await reader.emulateMedia({ colorScheme })
      expect(await axe(reader)).toEqual([])
      // A browser looks for an icon, which leads to https like everything else.
      expect(wrong.filter((one) => !/favicon|ERR_CERT/.test(one))).toEqual([])
      await reader.getByRole("link", { name: other }).click()
      await reader.getByRole("heading", { level: 1 }).waitFor()
      expect(await reader.getByRole("heading", { level: 1 }).textContent()).not.toBe(title)
      await reader.context().close()
    }

    const file = Buffer.from(await (await fetch(new URL("/teahouse.crt", explained))).arrayBuffer())
    const certificate = new X509Certificate(file)
    expect(certificate.fingerprint256).toBe(fingerprint)
    const spki = certificate.publicKey.export({ format: "der", type: "spki" })
    const trusting = await openBrowser([
      `--ignore-certificate-errors-spki-list=${createHash("sha256").update(spki).digest("base64")}`,
    ])
    try {
      const person = await openTab(await openProfile(trusting), new URL("/open", explained).href)
      await person.createAccount("lilei", "three quiet cups of oolong")
      expect(new URL(person.page.url()).origin).toBe(url)
      expect(
        await person.page.evaluate(async () => [isSecureContext, !!(await navigator.serviceWorker.ready)]),
      ).toEqual([true, true])
    } finally {
      await trusting.close()
    }
  })
})
