/**
 * What is lost comes back, as a person sees it: a browser that damages or deletes what it keeps, a house that takes no history for a
 * while, lines that came while no device was there, and a friend whose identity is another one than before.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { idFrom } from "@teahouse/protocol/ids.ts"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { en } from "../../packages/web/src/text/en.ts"
import { zh } from "../../packages/web/src/text/zh-CN.ts"
import { openBrowser, openProfile } from "../browser.ts"
import { forgetAccount, withId } from "../headless/other-identity.ts"
import { newDisk, openPerson, PASSWORD, textsOf } from "../headless/person.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese } from "./names.ts"
import { arriveAsFriends, openTab, type Person, person } from "./person.ts"

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
  const asked = (sql: string) => {
    const db = new DatabaseSync(join(house.data, "house.db"), { readOnly: true, timeout: 10_000 })
    const rows = db.prepare(sql).all()
    db.close()
    return rows
  }
  /** How many chats of hers the house has something of. */
  const chatsKept = () =>
    asked(
      "SELECT DISTINCT room_id FROM history_segment WHERE bytes > 0 AND user_id = (SELECT id FROM account WHERE CAST(name AS TEXT) = 'lilei')",
    ).length
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

  test("what is not safe yet is said, with the reason; a chat that is not kept is nowhere; what is on its way here is counted", async () => {
    const change = async (historyBytes: number) => {
      limits(historyBytes)
      const before = house.output().length
      house.hangUp()
      const told = () => house.output().slice(before)
      await expect.poll(told).toContain('"changed":["historyBytesPerUser"]')
    }
    await isSafe()
    await change(1)
    await lilei.openChat("meimei")
    await says(lilei, "not at the house")
    // Longer than whatever room there is left in what the house has.
    await lilei.say(Array.from({ length: 60 }, () => crypto.randomUUID()).join(" "))
    await lilei.go("Settings")
    await lilei.page.getByText(en.historyUnsafe(1), { exact: true }).waitFor()
    await lilei.page.getByText(en.errorHistoryFull).waitFor()
    await lilei.page.getByText(en.historyUnsafe(1), { exact: true }).scrollIntoViewIfNeeded()
    await shot(lilei, "lost-unsafe")
    await change(1024 ** 3)
    await isSafe()
    expect(await lilei.page.getByText(en.errorHistoryFull).count()).toBe(0)

    const kept = chatsKept()
    expect(kept).toBeGreaterThan(0)
    await lilei.openChat("meimei")
    await lilei.named("button", "Chat details").click()
    const keeps = lilei.page.getByRole("switch", { name: en.keepHistory })
    await keeps.press("Space")
    await expect.poll(chatsKept).toBe(kept - 1)
    await shot(lilei, "lost-keep-none")
    await lilei.sees(...said)
    await keeps.press("Space")
    await expect.poll(chatsKept).toBe(kept)

    // Somebody with as many chats as nobody has after a day signs in on another device.
    const wei = openPerson(house.url, newDisk(), { safekeeping: { quietMs: 2_000, longestMs: 30_000 } })
    await wei.register("wei")
    for (let i = 0; i < 21; i++) {
      const { room } = await wei.must("createGroup", { name: `Table ${i}`, members: [] })
      await wei.say(room, `tea ${i}`)
    }
    await wei.safe()
    await wei.client.stop()
    const phone = await openTab(await openProfile(browser), house.url)
    // It stands for as long as it is so, which may be less than a look takes: what was there is noted by the page itself.
    await phone.page.evaluate(() => {
      const shown: string[] = []
      Object.assign(globalThis, { shown })
      new MutationObserver(() => {
        for (const one of document.querySelectorAll("[role=status], p")) shown.push(one.textContent ?? "")
      }).observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    await phone.signIn("wei", PASSWORD)
    await phone.connection("fine")
    const shown = () => phone.page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)
    await expect
      .poll(shown)
      .toContainEqual(expect.stringMatching(/^Your history is on its way here: \d+ of \d+/))
    await phone.openChat("Table 0")
    await phone.sees("tea 0")
    // There were no chats yet for a moment, and nothing has said that there are none.
    expect(await shown()).toContain(en.chatsComing)
    expect(await shown()).not.toContain(en.noChats)
    await phone.page.context().close()
  })

  test("what was said while no device of hers was there is given by who said it, which the chat says", async () => {
    await lilei.go("Settings")
    await lilei.named("button", "Forget this device").click()
    const sure = { name: en.forgetConfirm, exact: true }
    await lilei.page.getByRole("dialog").getByRole("button", sure).click()
    await lilei.named("button", "Sign in").waitFor()
    await says(mei, "没有人在听")
    await says(mei, "还在说")
    await lilei.signIn("lilei", SECRET)
    await lilei.openChat("meimei")
    await bothSee()
    await lilei.named("log", "Messages").getByText(en.eventGiven("meimei"), { exact: true }).last().waitFor()
    await shot(lilei, "lost-given")
  })

  test("to another identity nothing is sent before one has decided, which is said in both languages", async () => {
    await mei.page.close()
    const [row] = asked("SELECT id FROM account WHERE CAST(name AS TEXT) = 'meimei'")
    const user = idFrom(row?.id as Uint8Array)
    const putBack = forgetAccount(house.data, user)
    const anew = openPerson(house.url, newDisk(), { crypto: withId(user) })
    await anew.register("meimei")
    putBack()

    await lilei.page.reload()
    await lilei.openChat("meimei")
    const alert = () => lilei.page.getByRole("alert")
    await alert().getByText(en.identityChanged("meimei"), { exact: true }).waitFor()
    await alert().getByText(en.identityChangedWhat, { exact: true }).waitFor()
    expect(await lilei.named("textbox", "Message").count()).toBe(0)
    await shot(lilei, "lost-identity-en")

    await lilei.go("Settings")
    await lilei.named("radio", "简体中文").check()
    const here = person(lilei.page, chinese)
    await here.openChat("meimei")
    await alert().getByText(zh.identityChanged("meimei"), { exact: true }).waitFor()
    await alert().getByText(zh.identityChangedWhat, { exact: true }).waitFor()
    expect(await here.named("textbox", "Message").count()).toBe(0)
    await shot(lilei, "lost-identity-zh")
    await here.named("button", "Go on with the new identity").click()
    // At once: what is said before she is in the chat again waits for her.
    await here.say("欢迎回来")
    const room = await anew.chatWith("lilei")
    await anew.timeline(room, (items) => textsOf(items).includes("欢迎回来"))
    await anew.client.stop()
  })
})
