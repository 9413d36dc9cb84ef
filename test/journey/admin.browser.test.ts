/** Whoever opens a house by invitation: the first link, a link for a friend, and what the page of administration does to somebody. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axe, axeInBothThemes, still } from "../axe.ts"
import { openBrowser, openProfile } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { openTab, type Person } from "./person.ts"

const SECRET = "nine patient cups of oolong"
const chromium = need("Chromium (administration in a browser)", chromiumPath() !== undefined)

/** On the page that an invitation opens. */
async function fillIn({ page, named }: Person, username: string): Promise<void> {
  await named("textbox", "Username").fill(username)
  for (const label of ["Password", "Confirm password"])
    await page.getByLabel(label, { exact: true }).fill(SECRET)
  await named("button", "Create account").click()
}
async function arrive(person: Person, username: string): Promise<void> {
  await fillIn(person, username)
  await person.named("button", "I have saved it").click()
  await person.named("navigation", "Main").waitFor()
}

describe.runIf(chromium)("administration in the browser", () => {
  let browser: Browser
  let house: House

  beforeAll(async () => {
    browser = await openBrowser()
    house = await openHouse({ environment: { TEAHOUSE_ORIGIN: "https://tea.example" } })
  })
  afterAll(async () => {
    await browser?.close()
    await house?.remove()
  })

  test("the host comes by the first link's code, invites a friend, and disables and enables them; all is written down", async () => {
    const host = await openTab(await openProfile(browser), `${house.url}/1/create`)
    const { page, named } = host
    const first = readFileSync(join(house.data, "first-invite.txt"), "utf8").trim()
    await named("textbox", "Invitation link or code").fill(first)
    await arrive(host, "host")

    await host.go("Settings")
    await named("link", "Open administration").click()
    await page.getByRole("heading", { name: "Connections" }).waitFor()
    await expect.poll(() => page.getByText(/^Between 1 and 1 in the last/).count()).toBe(1)
    await named("link", "Invitations").click()
    await named("button", "Create invitation").click()
    const link = await page.getByLabel("Invitation link", { exact: true }).inputValue()
    const code = link.slice(link.indexOf("#"))
    expect(await axeInBothThemes(page)).toEqual([])

    const friend = await openTab(await openProfile(browser), `${house.url}/${code}`)
    await arrive(friend, "friend")
    const late = await openTab(await openProfile(browser), `${house.url}/${code}`)
    await fillIn(late, "late")
    await late.page.getByText("This invitation has been used as often as it may be").waitFor()
    await friend.go("Settings")
    await friend.named("heading", "Accounts").waitFor()
    await still(friend.page)
    expect(await friend.named("link", "Open administration").count()).toBe(0)

    await named("link", "Users").click()
    await named("searchbox", "Part of a name").fill("frie")
    await named("button", "Manage friend").click()
    const dialog = page.getByRole("dialog")
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("button", { name: "Disable" }).click()
    await friend.named("button", "Sign in").waitFor()
    await friend.page.getByLabel("Password", { exact: true }).fill(SECRET)
    await friend.named("button", "Sign in").click()
    await friend.page.getByText("This account has been disabled by the administrator").waitFor()
    await dialog.getByRole("button", { name: "Enable" }).click()
    await dialog.getByRole("button", { name: "Disable" }).waitFor()
    await page.keyboard.press("Escape")
    await friend.signIn("friend", SECRET)

    await named("link", "Rooms").click()
    await page.getByRole("cell", { name: "With oneself" }).first().waitFor()
    expect(await axe(page)).toEqual([])
    await named("link", "Log").click()
    await page.getByRole("listitem").nth(3).waitFor()
    const said = await page
      .getByRole("listitem")
      .evaluateAll((all) => all.map((one) => one.firstChild?.textContent))
    expect(said).toEqual([
      ...["host enabled friend", "host disabled friend", "host made an invitation"],
      "host came first and is an administrator",
    ])

    // Who only looks sees that somebody writes: lines of what this house counts, longer with each look.
    await named("link", "Overview").click()
    const tile = (name: string) => page.getByRole("region", { name, exact: true })
    const rate = tile("Messages a second")
    const most = async () => {
      const words = (await rate.getByText(/^Between 0 and .+ in the last two minutes\.$/).textContent()) ?? ""
      return Number(words.split(" ")[3])
    }
    const drawn = async () => {
      const line = await rate.locator("path").last().getAttribute("d")
      return line?.match(/[ML]/g)?.length ?? 0
    }
    await expect.poll(most).toBe(0)
    const before = await drawn()
    await friend.openChat("Notes to self")
    await friend.say("the kettle is on")
    await expect.poll(most).toBeGreaterThan(0)
    expect(await drawn()).toBeGreaterThan(before)
    const stored = tile("Time to store (p99)").getByText(/^≤ .+ ms$/)
    await stored.waitFor()
  })
})
