/**
 * What is lost comes back, as a person sees it: a browser that damages or deletes what it keeps, a house that takes no history for a
 * while, lines that came while no device was there, and a friend whose identity is another one than before.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { en } from "../../packages/web/src/text/en.ts"
import { openBrowser, openProfile } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese } from "./names.ts"
import { arriveAsFriends, openTab, type Person } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (what is lost, in a browser)", chromiumPath() !== undefined)
const shots = process.env.TEAHOUSE_SHOTS
const shot = async (one: Person, name: string) => {
  if (shots) await one.page.screenshot({ path: join(shots, `${name}.png`) })
}

/** A bit of each record of a page's store, those of the account and its lock or all others. */
const flip = (page: Page, which: "account" | "others") =>
  page.evaluate(async (which) => {
    const of = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result)
        request.onerror = () => failed(request.error)
      })
    const found = (await indexedDB.databases()).find(({ name }) => /^teahouse-1-[\w-]{22}$/.test(name ?? ""))
    const db = await of(indexedDB.open(found?.name ?? ""))
    const records = db.transaction("records", "readwrite").objectStore("records")
    let flipped = 0
    for (const key of await of(records.getAllKeys())) {
      if ((key === "account" || key === "lock") !== (which === "account")) continue
      const value: Uint8Array = await of(records.get(key))
      value.set([(value.at(-1) ?? 0) ^ 1], value.length - 1)
      await of(records.put(value, key))
      flipped++
    }
    db.close()
    return flipped
  }, which)

describe.runIf(chromium)("what is lost", () => {
  const shelf = mkdtempSync(join(tmpdir(), "teahouse-lost-"))
  const conf = join(shelf, "server.conf")
  const limits = (historyBytes: number) => {
    const rates = ["sign_ins_per_minute_account = 100", "new_devices_per_day = 100"]
    writeFileSync(conf, ["[limits]", `history_bytes_per_user = ${historyBytes}`, ...rates, ""].join("\n"))
  }
  let browser: Browser
  let house: House
  let hers: BrowserContext
  let his: BrowserContext
  let lilei: Person
  let mei: Person
  const said: string[] = []
  const says = async (who: Person, line: string) => {
    said.push(line)
    await who.say(line)
  }
  const bothSee = async () => {
    for (const one of [lilei, mei]) await one.sees(...said)
  }
  const isSafe = async () => {
    await lilei.go("Settings")
    await lilei.page.getByText(en.historySafe, { exact: true }).waitFor()
  }
  /** Her last tab is closed, and something happens to what the browser keeps. */
  const meanwhile = async (happens: (page: Page) => Promise<unknown>) => {
    await lilei.page.close()
    const page = await hers.newPage()
    await page.goto(`${house.url}/healthz`)
    const held = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
    await expect.poll(held).toBe(0)
    await happens(page)
    lilei = await openTab(hers, house.url)
    await page.close()
  }

  beforeAll(async () => {
    limits(1024 ** 3)
    browser = await openBrowser()
    house = await openHouse({ data: join(shelf, "house"), environment: { TEAHOUSE_CONFIG: conf } })
    hers = await openProfile(browser)
    his = await openProfile(browser, "zh-CN")
    ;[lilei, mei] = await arriveAsFriends(
      SECRET,
      [hers, house.url, "lilei"],
      [his, house.url, "meimei", chinese],
    )
  })
  afterAll(async () => {
    await browser?.close()
    await house?.stop()
    rmSync(shelf, { recursive: true, force: true })
  })

  test("damaged records mend by themselves; where the account's are, or the browser has deleted all, the password brings everything", async () => {
    await says(lilei, "before any of it")
    await says(mei, "我也在")
    await bothSee()

    await meanwhile(async (page) => expect(await flip(page, "others")).toBeGreaterThan(10))
    await lilei.openChat("meimei")
    await bothSee()
    await says(lilei, "with no record whole")
    await bothSee()

    await meanwhile(async (page) => expect(await flip(page, "account")).toBe(2))
    await lilei.signIn("lilei", SECRET)
    await lilei.openChat("meimei")
    await bothSee()
    await says(lilei, "with the password")
    await bothSee()
    await isSafe()

    // All that is left of it is at the house.
    await mei.page.close()
    await meanwhile(async (page) => {
      const storageTypes = "all"
      const devtools = await hers.newCDPSession(page)
      await devtools.send("Storage.clearDataForOrigin", { origin: house.url, storageTypes })
      expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0)
    })
    await lilei.named("button", "Sign in").waitFor()
    await shot(lilei, "lost-evicted")
    await lilei.signIn("lilei", SECRET)
    await lilei.openChat("meimei")
    await lilei.sees(...said)
    await shot(lilei, "lost-all-there")
    mei = await openTab(his, house.url, chinese)
    await mei.openChat("lilei")
    await says(lilei, "in an empty browser")
    await says(mei, "还是你")
    await bothSee()
    // She is who she was: nobody is asked to decide anything.
    expect(await mei.page.getByRole("alert").count()).toBe(0)
  })
})
