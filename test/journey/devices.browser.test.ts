/** A second device comes, is called something, and is taken away for good by the first. */
import type { Browser, Locator } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axe } from "../axe.ts"
import { openBrowser } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { openTab, type Person } from "./person.ts"
import { until } from "./until.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (the devices' journey in a browser)", chromiumPath() !== undefined)

describe.runIf(chromium)("one's devices", () => {
  let browser: Browser
  let house: House
  let desk: Person
  let phone: Person

  beforeAll(async () => {
    browser = await openBrowser()
    house = await openHouse()
    const tab = async () =>
      openTab(
        // axe writes a script into the page, which our policy would rightly refuse.
        await browser.newContext({ locale: "en-US", bypassCSP: true, reducedMotion: "reduce" }),
        house.url,
      )
    desk = await tab()
    await desk.createAccount("lan", SECRET)
    phone = await tab()
    await phone.named("link", "Sign in").or(phone.named("textbox", "Username")).first().waitFor()
    if (await phone.named("link", "Sign in").isVisible()) await phone.named("link", "Sign in").click()
    await phone.signIn("lan", SECRET)
  })
  afterAll(async () => {
    await browser?.close()
    await house?.remove()
  })

  test("each has a name, the second is renamed and removed with the password, and says why it is signed out", async () => {
    await desk.openChat("Notes to self")
    await desk.say("before")
    await phone.openChat("Notes to self")
    await phone.sees("before")

    await desk.go("Settings")
    const rows = desk.named("list", "Devices").getByRole("listitem")
    await rows
      .nth(1)
      .getByText(/^Chrome · Linux · \d{4}-\d\d-\d\d( \(2\))?$/)
      .waitFor()
    await rows.nth(0).getByText("This device").waitFor()
    expect(
      await rows
        .nth(0)
        .getByRole("button", { name: /^Remove/ })
        .count(),
    ).toBe(0)
    await rows
      .nth(1)
      .getByRole("button", { name: /^Rename Chrome · Linux/ })
      .click()
    await fitsSmall(desk, desk.named("dialog", "Rename"))
    await desk.named("textbox", "Name of the device").fill("手机")
    await desk.named("button", "Save").last().click()
    await rows.filter({ hasText: "手机" }).getByText("Online now").waitFor()

    await desk.named("button", "Remove 手机").click()
    const dialog = desk.named("dialog", "Remove 手机 from your account?")
    await dialog.getByText("What it already has stays on it.").waitFor()
    await fitsSmall(desk, dialog)
    await dialog.getByRole("button", { name: "Change password" }).click()
    await desk.named("dialog", "Change password").getByRole("button", { name: "Cancel" }).click()
    await desk.named("button", "Remove 手机").click()
    const remove = dialog.getByRole("button", { name: "Remove", exact: true })
    await remove.click()
    await dialog.getByRole("alert").waitFor()
    const password = dialog.getByLabel("Current password", { exact: true })
    await password.fill("a wrong password")
    await remove.click()
    await dialog.getByText("The current password is not right.").waitFor()
    expect(await axe(desk.page)).toEqual([])
    await password.fill(SECRET)
    await remove.click()
    await dialog.waitFor({ state: "detached" })

    await phone.page.getByText("This device was removed from your account.").waitFor()
    await desk.named("list", "Devices").getByText("手机").waitFor({ state: "detached" })
    const focused = () => desk.page.evaluate(() => document.activeElement?.textContent)
    await until(focused, "Devices", 20_000)
    await desk.openChat("Notes to self")
    await desk.say("nothing for the phone")
    await desk.sees("before", "nothing for the phone")
    const phoneShows = () => phone.page.locator("body").textContent()
    expect(await phoneShows()).not.toContain("nothing for the phone")
    await phone.page.reload()
    await phone.named("textbox", "Username").waitFor()
    expect(await phoneShows()).not.toContain("nothing for the phone")
  })
})

/** At the width of a small phone and with the largest text nothing stands beyond the edge, and the last button is reached. */
async function fitsSmall({ page }: Person, dialog: Locator) {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 640 })
  await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"))
  const wide = await dialog.evaluate((box) => {
    const edge = box.getBoundingClientRect()
    const beyond = [...box.querySelectorAll("*")].filter((one) => {
      const { left, right } = one.getBoundingClientRect()
      return left < edge.left || right > edge.right
    })
    return [
      ...beyond.map((one) => one.outerHTML.slice(0, 80)),
      edge.left < 0 || edge.right > innerWidth,
      box.scrollWidth > box.clientWidth,
    ]
  })
  expect(wide).toEqual([false, false])
  const last = dialog.getByRole("button").last()
  await last.scrollIntoViewIfNeeded()
  await last.click({ trial: true })
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"))
  if (before) await page.setViewportSize(before)
}
