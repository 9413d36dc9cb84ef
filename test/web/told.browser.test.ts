/**
 * UX 24–27 in a real browser: what rings, what is shown, and when it goes away. Sounds are counted where they are made
 * (the oscillators of one ring), notifications where the browser keeps them.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startHouse } from "@teahouse/server/main.ts"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { openBrowser, openProfile, PATIENCE } from "../browser.ts"
import { arriveAsFriends, openTab, type Person } from "../journey/person.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const SECRET = "three quiet cups of oolong"
const patience = { timeout: PATIENCE }
const there = need("Chromium (being told)", chromiumPath() !== undefined)

/** Counts rings: one begins where no tone has begun for half a second. Headless pages all think that they have the focus. */
function spy(page: { rings: number; away: boolean }) {
  let last = 0
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (when) {
    if (performance.now() - last > 500) page.rings++
    last = performance.now()
    return start.call(this, when)
  }
  page.rings = 0
  page.away = false
  document.hasFocus = () => !page.away
}

describe.runIf(there)("being told", () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-told-"))
  let browser: Browser
  let house: Awaited<ReturnType<typeof startHouse>>
  let mine: BrowserContext
  let theirs: BrowserContext
  let lan: Person
  let bo: Person

  const profile = async () => {
    const made = await openProfile(browser)
    await made.addInitScript(`(${spy})(globalThis)`)
    return made
  }
  const rings = (page: Page) => page.evaluate(() => (globalThis as unknown as { rings: number }).rings)
  /** The person looks at something else than this window. */
  const look = (page: Page, away: boolean) =>
    page.evaluate((value) => {
      ;(globalThis as unknown as { away: boolean }).away = value
      dispatchEvent(new Event(value ? "blur" : "focus"))
    }, away)
  const shown = (page: Page) =>
    page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready
      return (await worker.getNotifications()).map(({ title, body, silent }) => ({ title, body, silent }))
    })
  const number = async (page: Page) => /^\((\d+)\)/.exec(await page.title())?.[1] ?? "0"

  beforeAll(async () => {
    house = await startHouse({ port: 0, data: folder, logTo: { write() {} } })
    browser = await openBrowser()
    mine = await profile()
    theirs = await profile()
    await mine.grantPermissions(["notifications"], { origin: house.url })
    await arriveAsFriends(SECRET, [mine, house.url, "lan"], [theirs, house.url, "bo"])
  })
  /** Each test has new tabs of the same two people, who look at one chat and have read all of it. */
  beforeEach(async () => {
    const before = [...mine.pages(), ...theirs.pages()]
    ;[lan, bo] = await Promise.all([openTab(mine, house.url), openTab(theirs, house.url)])
    for (const page of before) await page.close()
    await Promise.all([lan.openChat("bo"), bo.openChat("lan")])
    await expect.poll(() => number(lan.page), patience).toBe("0")
    await expect.poll(() => shown(lan.page), patience).toEqual([])
  })
  afterAll(async () => {
    for (const one of [mine, theirs]) await one?.close()
    await browser?.close()
    await house?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test("UX 24, 25: a burst rings once; the chat in focus is silent; one's own message too", async () => {
    await bo.say("while the chat is before one's eyes")
    await lan.sees("while the chat is before one's eyes")
    await lan.say("one's own")
    await lan.go("Contacts")
    expect(await rings(lan.page)).toBe(0)
    for (const text of ["one", "two", "three"]) await bo.say(text)
    await expect.poll(() => number(lan.page), patience).toBe("3")
    await expect.poll(() => rings(lan.page), patience).toBe(1)
    expect(await shown(lan.page)).toEqual([])
    expect(await rings(bo.page)).toBe(0)
  })

  test("UX 26: with two tabs one notification, for one chat one; read, it is gone, and so is the number", async () => {
    const second = await openTab(mine, `${house.url}/1/contacts`)
    await second.named("navigation", "Main").waitFor()
    await lan.go("Contacts")
    for (const page of [lan.page, second.page]) await look(page, true)
    await bo.say("first")
    await expect
      .poll(async () => (await shown(lan.page)).map(({ body }) => body), patience)
      .toEqual(["first"])
    await bo.say("second")
    await expect
      .poll(async () => (await shown(lan.page)).map(({ title, body }) => [title, body]), patience)
      .toEqual([["bo", "second"]])
    expect(await rings(lan.page)).toBe(0)
    expect(await rings(second.page)).toBe(0)
    for (const { page } of [lan, second]) await expect.poll(() => number(page), patience).toBe("2")
    await look(second.page, false)
    await second.openChat("bo")
    await expect.poll(() => shown(lan.page), patience).toEqual([])
    for (const { page } of [lan, second]) await expect.poll(() => number(page), patience).toBe("0")
  })

  test("UX 26: when the leading tab goes, the other one tells; a click on what it tells opens the chat", async () => {
    const second = await openTab(mine, `${house.url}/1/contacts`)
    await second.named("navigation", "Main").waitFor()
    await look(second.page, true)
    // Said in the very moment in which one tab goes and the other has not noticed yet.
    await lan.page.close()
    await bo.say("to whoever is left")
    await expect
      .poll(async () => (await shown(second.page)).map(({ body }) => body), patience)
      .toEqual(["to whoever is left"])
    // The browser's own click has no hand here: its event is said to the worker, with what the browser shows.
    const [worker] = mine.serviceWorkers()
    await worker?.evaluate(async () => {
      const scope = globalThis as unknown as { registration: ServiceWorkerRegistration } & EventTarget
      const [notification] = await scope.registration.getNotifications()
      const clicked = Reflect.get(globalThis, "NotificationEvent") as new (
        type: string,
        init: object,
      ) => Event
      scope.dispatchEvent(new clicked("notificationclick", { notification }))
    })
    await second.sees("to whoever is left")
    expect(new URL(second.page.url()).pathname).toMatch(/^\/1\/chats\/[\w-]{22}$/)
    await expect.poll(() => shown(second.page), patience).toEqual([])
  })

  test("UX 24: hidden content stays hidden; do not disturb is silence, and messages still count", async () => {
    await lan.go("Settings")
    await lan.page.getByRole("checkbox", { name: "Hide who wrote and what" }).check()
    await look(lan.page, true)
    await bo.say("nobody's business")
    await expect
      .poll(async () => (await shown(lan.page)).map(({ title, body }) => [title, body]), patience)
      .toEqual([["Teahouse", "1 new message"]])
    await look(lan.page, false)
    await lan.openChat("bo")
    await expect.poll(() => shown(lan.page), patience).toEqual([])
    await lan.go("Settings")
    await lan.page.getByRole("group", { name: "Do not disturb" }).getByText("On", { exact: true }).click()
    await look(lan.page, true)
    await bo.say("in the quiet")
    await expect.poll(() => number(lan.page), patience).toBe("1")
    expect(await shown(lan.page)).toEqual([])
    expect(await rings(lan.page)).toBe(0)
    await lan.page.getByRole("group", { name: "Do not disturb" }).getByText("Off", { exact: true }).click()
    await lan.page.getByRole("checkbox", { name: "Hide who wrote and what" }).uncheck()
  })

  test("UX 27: the tab's picture carries the number while something is unread", async () => {
    const icon = () => lan.page.locator("link[rel=icon]").getAttribute("href")
    await lan.go("Contacts")
    expect(await icon()).toBe("/favicon.svg")
    await bo.say("one")
    await expect.poll(icon, patience).toMatch(/^data:image\/png/)
    await lan.openChat("bo")
    await expect.poll(icon, patience).toBe("/favicon.svg")
  })

  test("UX 25: where the browser refuses the sound a small button enables it", async () => {
    const fresh = await openTab(mine, `${house.url}/1/contacts`)
    await fresh.named("navigation", "Main").waitFor()
    await lan.page.close()
    // A browser that wants a gesture first; headless ones never do.
    await fresh.page.evaluate(() => {
      let allowed = false
      const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state")
      Object.defineProperty(BaseAudioContext.prototype, "state", {
        get() {
          return allowed ? state?.get?.call(this) : "suspended"
        },
      })
      addEventListener(
        "pointerdown",
        () => {
          allowed = true
        },
        true,
      )
    })
    await bo.say("can you hear me?")
    const button = fresh.page.getByRole("button", { name: "Click to enable sound" })
    await button.click()
    await expect.poll(() => rings(fresh.page), patience).toBe(1)
    await button.waitFor({ state: "hidden" })
  })
})
