/**
 * A house is restored from a backup while people are in the page: what it has lost stays, under a line with the count, everybody is
 * told in their language, and the chat goes on. A second time is an alarm of its own.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { en, zh } from "@teahouse/client/words/happened.ts"
import { restoreBackup } from "@teahouse/server/backup/restore.ts"
import { takeBackup } from "@teahouse/server/backup/take.ts"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openBrowser, openProfile, PATIENCE } from "../browser.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese } from "./names.ts"
import { arriveAsFriends, openTab, type Person } from "./person.ts"
import { until } from "./until.ts"

const SECRET = "three quiet cups of oolong"
const chromium = need("Chromium (a restored house's journey in a browser)", chromiumPath() !== undefined)
const shots = process.env.TEAHOUSE_SHOTS

const says = (one: Person, sentence: string) =>
  one.page.getByRole("alert").filter({ hasText: sentence }).waitFor()
const line = (one: Person, sentence: string) => one.page.getByText(sentence, { exact: true })
const shot = async (one: Person, name: string) => {
  if (shots) await one.page.screenshot({ path: join(shots, `${name}.png`) })
}

describe.runIf(chromium)("a restored house", () => {
  const shelf = mkdtempSync(join(tmpdir(), "teahouse-restored-"))
  const backup = join(shelf, "last night")
  let browser: Browser
  let house: House
  let hers: BrowserContext
  let lilei: Person
  let mei: Person
  let times = 0

  const options = { database: "sqlite", operatorKey: undefined, onProgress() {} }
  /** Lost, and back at the same address as it was last night; each time in a minute of its own. */
  const restore = async () => {
    const data = join(shelf, `house ${++times}`)
    const now = () => Date.now() + times * 60_000
    await house.stop()
    const made = await restoreBackup({ ...options, from: backup, data, signOut: false, now })
    if (!made.ok) throw new Error(JSON.stringify(made.error))
    house = await openHouse({ data, port: house.port })
  }

  beforeAll(async () => {
    browser = await openBrowser()
    house = await openHouse({ data: join(shelf, "first") })
    hers = await openProfile(browser)
    ;[lilei, mei] = await arriveAsFriends(
      SECRET,
      [hers, house.url, "lilei"],
      [await openProfile(browser, "zh-CN"), house.url, "meimei", chinese],
    )
  })
  afterAll(async () => {
    await browser?.close()
    await house?.stop()
    rmSync(shelf, { recursive: true, force: true })
  })

  test("what it has lost stays under a line with the count, is said in both languages, and comes again", async () => {
    await lilei.say("said before the backup")
    await mei.sees("said before the backup")
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
    const configuration = { data: house.data, database: "sqlite" }
    const what = { configuration, to: backup, operatorKey: undefined, now: Date.now, random }
    expect(await takeBackup({ ...what, onProgress() {} })).toMatchObject({ ok: true })
    await lilei.say("said after it")
    await mei.sees("said before the backup", "said after it")
    // She is away, so nobody can send it again.
    await lilei.page.close()

    await restore()
    await says(mei, zh.alarmNewIncarnation)
    await line(mei, zh.eventLost(1)).waitFor()
    await until(async () => (await mei.articles()).at(-1)?.includes(zh.lostMark), true, PATIENCE)
    await mei.say("还在吗？")
    await mei.sees("said before the backup", "said after it", "还在吗？")
    await shot(mei, "restored-zh")

    lilei = await openTab(hers, house.url)
    await lilei.openChat("meimei")
    await says(lilei, en.alarmNewIncarnation)
    for (const one of [lilei, mei]) await one.sees("said before the backup", "还在吗？", "said after it")
    await line(mei, zh.eventLost(1)).waitFor({ state: "detached" })
    await lilei.say("here again")
    for (const one of [lilei, mei])
      await one.sees("said before the backup", "还在吗？", "said after it", "here again")
    await shot(lilei, "restored-en")
  })

  test("a second time, with both of them there, is an alarm of its own, and the chat goes on", async () => {
    await restore()
    await says(lilei, en.alarmRestoredAgain)
    await says(mei, zh.alarmRestoredAgain)
    await shot(lilei, "restored-again-en")
    await shot(mei, "restored-again-zh")
    await mei.say("好的")
    // What is sent again and what is said now come in either order.
    const both = async () => {
      const articles = await lilei.articles()
      return ["here again", "好的"].map((text) => articles.filter((one) => one.includes(text)).length)
    }
    await until(both, [1, 1], PATIENCE)
    const alerts = mei.page.getByRole("alert")
    // Some go by themselves when what they say is over.
    const dismissed = async () => {
      await alerts
        .first()
        .getByRole("button")
        .click({ timeout: 1_000 })
        .catch(() => {})
      return alerts.count()
    }
    await until(dismissed, 0, PATIENCE)
  })
})
