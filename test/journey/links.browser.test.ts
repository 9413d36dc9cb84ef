/** A group's link in browsers, against a real house: made, passed on, joined by, answered by an admin, revoked. */
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axeInBothThemes } from "../axe.ts"
import { openBrowser } from "../browser.ts"
import { openPerson } from "../headless/person.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese as names } from "./names.ts"
import { openTab, type Person } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const GROUP = "Tea 茶友"
const DAY_MS = 86_400_000
const chromium = need("Chromium (the journeys in a browser)", chromiumPath() !== undefined)

/** A head that claims 30,000 × 30,000 pixels and nothing behind it. */
const bomb = Buffer.from(
  "89504e470d0a1a0a0000000d49484452000075300000753008060000000000000000000049454e44ae426082",
  "hex",
)

describe.runIf(chromium)("a group's link in the browser", () => {
  let browser: Browser
  let house: House

  beforeAll(async () => {
    browser = await openBrowser()
    // The pace of one device's commits is tested elsewhere; here it would only be waited for.
    house = await openHouse({ environment: { TEAHOUSE_LIMIT_COMMIT_BURST: "50" } })
  })
  afterAll(async () => {
    await browser?.close()
    await house?.remove()
  })

  const arrive = async (username: string, url = house.url) => {
    const viewport = { width: 1280, height: 800 }
    // axe writes a script into the page, which our policy would rightly refuse.
    const look = { locale: "zh-CN", viewport, reducedMotion: "reduce", bypassCSP: true } as const
    const profile = await browser.newContext(look)
    const one = await openTab(profile, url, names)
    await one.createAccount(username, SECRET)
    return one
  }
  const chat = (one: Person) => one.page.getByRole("heading", { name: new RegExp(`^${GROUP}`) })
  const linkDialog = (one: Person) => one.named("dialog", "Invite by link")
  const inDialog = (one: Person, role: "button" | "checkbox" | "textbox" | "img", name: string) =>
    linkDialog(one).getByRole(role, { name: names(name), exact: true })
  const newLink = async (one: Person, approval = false) => {
    await one.named("button", "Invite by link").click()
    const address = inDialog(one, "textbox", "Invitation link")
    const before = (await address.count()) > 0 ? await address.inputValue() : ""
    if (approval) await inDialog(one, "checkbox", "Ask an admin before somebody joins").check()
    await inDialog(one, "button", "Create link").click()
    await inDialog(one, "img", "QR code of the invitation link").waitFor()
    await expect.poll(() => address.inputValue()).not.toBe(before)
    const link = await address.inputValue()
    await one.page.keyboard.press("Escape")
    await linkDialog(one).waitFor({ state: "hidden" })
    return link
  }
  const visit = async (one: Person, link: string) => {
    await one.page.goto(link)
    await one.named("heading", "Join a group").waitFor()
  }

  test("UX 29: a stranger comes by a link and comes back, another by an admin's word, a third too late", async () => {
    const lan = await arrive("lan")
    await lan.named("button", "New group").click()
    const making = lan.named("dialog", "New group")
    await making.getByRole("textbox", { name: names("Group name") }).fill(GROUP)
    await lan.named("button", "Create").click()
    await lan.named("log", "Messages").waitFor()
    await lan.named("button", "Chat details").click()

    // A picture that is none, one that would fill the memory, and one that is good.
    await lan.named("button", "Group picture").click()
    const pictures = lan.named("dialog", "Group picture")
    const input = pictures.locator("input[type=file]")
    for (const [name, buffer] of [
      ["words.png", Buffer.from("<svg onload=alert(1)>")],
      ["bomb.png", bomb],
    ] as const) {
      await input.setInputFiles({ name, mimeType: "image/png", buffer })
      await pictures.getByRole("alert").waitFor()
    }
    const png = await lan.page.evaluate(async () => {
      const canvas = new OffscreenCanvas(600, 300)
      const context = canvas.getContext("2d")
      if (!context) throw new Error("no canvas")
      context.fillStyle = "#c00"
      context.fillRect(0, 0, 600, 300)
      return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())]
    })
    await input.setInputFiles({ name: "red.png", mimeType: "image/png", buffer: Buffer.from(png) })
    await pictures.waitFor({ state: "hidden" })
    await lan.page.locator("aside img[src^='data:image/']").waitFor()
    await lan.named("button", "My name in this group").click()
    const nick = lan.named("dialog", "My name in this group")
    await nick.getByRole("textbox").fill("Keeper 掌柜")
    await nick.getByRole("button", { name: names("Save"), exact: true }).click()
    await nick.waitFor({ state: "hidden" })

    const link = await newLink(lan)
    expect(link).toMatch(/\/join#[A-Za-z0-9_-]{44}$/)

    // Nobody's friend, without an account yet: the link waits until there is one.
    const eve = await arrive("eve", link)
    await eve.named("heading", "Join a group").waitFor()
    expect(eve.page.url()).not.toContain("#")
    await eve.page.getByText(GROUP, { exact: true }).waitFor()
    await eve.page.locator("main img[src^='data:image/']").waitFor()
    expect(await axeInBothThemes(eve.page)).toEqual([])
    await eve.named("button", "Join").click()
    await chat(eve).waitFor()
    await eve.say("Hello from nowhere")
    await lan.sees("Hello from nowhere")
    await lan.say("Welcome")
    await eve.sees("Hello from nowhere", "Welcome")
    await eve.named("log", "Messages").getByText("Keeper 掌柜").first().waitFor()

    // Whom one meets in a group is a click away.
    await lan.named("list", "Members").getByRole("link", { name: "eve" }).click()
    await lan.named("button", "Ask to be friends").waitFor()
    await lan.page.goBack()

    // Whoever left is let in again.
    await eve.named("button", "Chat details").click()
    await eve.named("button", "Leave group").click()
    await eve.page
      .getByRole("dialog")
      .getByRole("button", { name: names("Leave group") })
      .click()
    await eve.named("textbox", "Message").waitFor({ state: "hidden" })
    await lan.page.getByText(`${names("Members")} (1)`).waitFor()
    await visit(eve, link)
    await eve.named("button", "Join").click()
    await chat(eve).waitFor()
    await eve.say("Back again")
    await lan.sees("Hello from nowhere", "Welcome", "Back again")

    // By an admin's word; what was asked can be taken back.
    const second = await newLink(lan, true)
    const ming = await arrive("ming", second)
    const requests = lan.named("list", "Requests to join")
    await ming.named("button", "Join").click()
    // Told over the chat, answered in the details.
    await lan.named("button", "Close").click()
    await lan.page.getByRole("link", { name: names("Answer") }).click()
    await requests.getByText("ming").waitFor()
    await ming.page
      .getByRole("status")
      .filter({ hasText: names("Your request waits for an admin. You can close this page.") })
      .waitFor()
    await ming.named("button", "Chats").click()
    const waits = ming.named("list", "Groups you asked to join").getByRole("listitem")
    await waits.getByText(names("Waiting for an admin")).waitFor()
    await waits.getByRole("button").click()
    await waits.waitFor({ state: "detached" })
    await requests.waitFor({ state: "detached" })
    await visit(ming, second)
    await ming.named("button", "Join").click()
    await requests.getByRole("button").first().click()
    await chat(ming).waitFor()
    await ming.named("log", "Messages").waitFor()

    // Revoked: a sentence, and nothing of the group. The other link is still there to be revoked.
    await lan.named("button", "Invite by link").click()
    await inDialog(lan, "button", "Revoke link").click()
    await expect.poll(() => inDialog(lan, "textbox", "Invitation link").inputValue()).toBe(link)
    const late = await arrive("late", second)
    await late.named("heading", "Join a group").waitFor()
    const refused = async (sentence: string) => {
      await late.page.getByRole("alert").getByText(sentence).waitFor()
      expect(await late.page.getByText(GROUP).count()).toBe(0)
      expect(await late.named("button", "Join").count()).toBe(0)
    }
    await refused("邀请链接已被撤销")
    expect(await axeInBothThemes(late.page)).toEqual([])
    // Expired: it was made by somebody whose clock is a day behind, for a day.
    const slow = openPerson(house.url, undefined, { clock: () => Date.now() - DAY_MS })
    await slow.register("slow")
    const { room } = await slow.must("createGroup", { name: GROUP, members: [] })
    const { link: old } = await slow.must("createLink", { room, days: 1, approval: false })
    await visit(late, `${house.url}/join#${old}`)
    await refused("邀请链接已过期")
    await slow.client.stop()
    // A link that lost its end.
    await visit(late, link.slice(0, -3))
    await late.page.getByRole("alert").getByText("邀请链接无效").waitFor()
  })
})
