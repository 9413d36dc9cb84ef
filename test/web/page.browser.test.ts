/** The built page on a real house: what happens to its workers, to a new version, and on an address that is not secure. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startHouse } from "@teahouse/server/main.ts"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { servePreview } from "../../packages/web/build/preview.ts"
import { axe } from "../axe.ts"
import { openBrowser, openProfile } from "../browser.ts"
import { openTab } from "../journey/person.ts"
import { need } from "../need.ts"
import { openNextMajor } from "../next-major.ts"
import { chromiumPath } from "../program.ts"

const dist = join(import.meta.dirname, "../../packages/web/dist")
const there = need("Chromium (the page and its workers)", chromiumPath() !== undefined)

describe.runIf(there)("the page", () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-page-"))
  const web = join(folder, "web")
  let browser: Browser
  let profile: BrowserContext
  let house: Awaited<ReturnType<typeof startHouse>>
  let page: Page
  const faults: string[] = []

  const open = (port = 0) => startHouse({ port, data: join(folder, "data"), web, logTo: { write() {} } })
  const sent = async (text: string) => {
    await page.getByRole("textbox", { name: "Message" }).fill(text)
    await page.keyboard.press("Enter")
    await page.getByRole("article").filter({ hasText: text }).getByRole("img", { name: "Sent" }).waitFor()
  }

  beforeAll(async () => {
    cpSync(dist, web, { recursive: true })
    house = await open()
    browser = await openBrowser()
    profile = await openProfile(browser)
    profile.on("page", (opened) =>
      opened.on("console", (line) => {
        if (/content security policy|trusted type/i.test(line.text())) faults.push(line.text())
      }),
    )
    const person = await openTab(profile, house.url)
    page = person.page
    await person.createAccount("annie", "three quiet cups of oolong")
    await person.openChat("Notes to self")
    await sent("before")
  })
  afterAll(async () => {
    await browser?.close()
    await house?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test("signing up and writing violates no policy", () => {
    expect(faults).toEqual([])
  })

  test("a worker that dies is replaced, and what was on the screen goes on", async () => {
    const protocol = await browser.newBrowserCDPSession()
    const workers = async () =>
      (await protocol.send("Target.getTargets", { filter: [{ type: "shared_worker" }] })).targetInfos
    const [first] = await workers()
    expect(first?.url).toMatch(/\/assets\/account-worker-/)
    const box = page.getByRole("textbox", { name: "Message" })
    await box.fill("half a thought")
    const onScreen = await box.elementHandle()
    await protocol.send("Target.closeTarget", { targetId: first?.targetId ?? "" })
    // For a moment there is none; what is sent in it is given back.
    await expect
      .poll(async () => (await workers()).filter(({ targetId }) => targetId !== first?.targetId).length)
      .toBe(1)
    await sent("after its death")
    expect(await page.getByRole("article").filter({ hasText: "before" }).count()).toBe(1)
    // It was there all the time: what is being typed goes on.
    expect(await onScreen?.evaluate((each) => each === document.activeElement)).toBe(true)
  })

  test("a new version waits for the button; a draft lives through it", async () => {
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    const script = join(web, "sw.js")
    writeFileSync(script, readFileSync(script, "utf8").replace(/"[0-9a-f]{16}"/, '"ffffffffffffffff"'))
    await house.stop()
    house = await open(house.port)
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    await page.getByRole("button", { name: "Reload" }).waitFor()
    expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(2)
    await page.getByRole("textbox", { name: "Message" }).fill("half a thought")
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Reload" }).click()])
    await expect
      .poll(() => page.getByRole("textbox", { name: "Message" }).inputValue())
      .toBe("half a thought")
    expect(await page.evaluate(() => caches.keys())).toEqual(["teahouse-shell-ffffffffffffffff"])
    expect(await page.getByRole("button", { name: "Reload" }).count()).toBe(0)
    await sent("in the new version")
  })

  test("a house that has gone on to another version says so, and the button fetches its page", async () => {
    const script = join(web, "sw.js")
    writeFileSync(script, readFileSync(script, "utf8").replace('"ffffffffffffffff"', '"eeeeeeeeeeeeeeee"'))
    await house.stop()
    const next = await openNextMajor(house.port, web)
    try {
      await page.getByText("The server has another version.").waitFor()
      // The browser may have found the new version by itself by now, and another bar says so.
      const bar = page.getByRole("status", { name: "Connection" })
      await Promise.all([page.waitForEvent("load"), bar.getByRole("button", { name: "Reload" }).click()])
      expect(await page.evaluate(() => caches.keys())).toEqual(["teahouse-shell-eeeeeeeeeeeeeeee"])
    } finally {
      await next.close()
    }
    // It asks on: a house that was taken back to the old version has it again.
    house = await open(house.port)
    await sent("in the old version again")
    expect(await page.getByText("The server has another version.").count()).toBe(0)
  })

  test("an invitation opens a new slot's account page and leaves the address", async () => {
    const guest = await profile.newPage()
    await guest.goto(`${house.url}/#invite=${"A".repeat(43)}`)
    await guest.getByRole("heading", { name: "Create account" }).waitFor()
    expect(new URL(guest.url()).pathname).toBe("/2/create")
    expect(new URL(guest.url()).hash).toBe("")
    await guest.close()
  })

  test("plain http on another name: both ways out, in both languages", async () => {
    const server = await servePreview(web)
    const args = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP tea.example 127.0.0.1"]
    const other = await chromium.launch({ executablePath: chromiumPath() ?? "", args })
    try {
      const context = await other.newContext({ bypassCSP: true })
      const insecure = await context.newPage()
      const { port } = new URL(server.url)
      await insecure.goto(`http://tea.example:${port}/1/chats`)
      for (const words of [
        "此地址不安全",
        "This address is not secure",
        "https://tea.example/",
        `http://localhost:${port}/`,
      ])
        await insecure.getByText(words).first().waitFor()
      expect(await axe(insecure)).toEqual([])
    } finally {
      await other.close()
      server.close()
    }
  })
})
