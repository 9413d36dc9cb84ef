/**
 * A member who means harm, and a house that lies, as two people see it in the page, one in English and one in Chinese: a line or a
 * banner in words that say what it is, nothing that one has to do, and no line of the chat lost.
 *
 * A page complains of a room that it is shut out of after half a minute; here another member's client, which waits for less, is first.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { en, zh } from "@teahouse/client/words/happened.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import type { Entry } from "@teahouse/protocol/entry.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openBrowser, openProfile } from "../browser.ts"
import { befriend, type Person as Headless, newDisk, openPerson, textsOf } from "../headless/person.ts"
import { type Poison, poisonous } from "../headless/poison.ts"
import { forkWithout, inEntries, type Tamper, tampered } from "../headless/tamper.ts"
import { type House, openHouse } from "../house.ts"
import { type LyingHouse, openLyingHouse } from "../lying-house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { chinese } from "./names.ts"
import { openTab, type Person } from "./person.ts"
import { until } from "./until.ts"

const SECRET = "three quiet cups of oolong"
const PATIENCE = 20_000
const GROUP = "Tea 茶"
const chromium = need("Chromium (a saboteur and a lying house, in a browser)", chromiumPath() !== undefined)
type Lie = (frame: Down) => Down | undefined
const shots = process.env.TEAHOUSE_SHOTS
const shot = async (one: Person, name: string) => {
  if (shots) await one.page.screenshot({ path: join(shots, `${name}.png`) })
}

describe.runIf(chromium)("whoever means harm", () => {
  const shelf = mkdtempSync(join(tmpdir(), "teahouse-harm-"))
  const pace = { complainAfterMs: 300 }
  const poison: Poison = { on: false, commits: [] }
  const spoiled: Tamper = {}
  let browser: Browser
  let house: House
  /** Each page sees the house by one of these. */
  let toLilei: LyingHouse
  let toMei: LyingHouse
  let lilei: Person
  let mei: Person
  /** Of whom nobody has to fear anything, and who owns the group. */
  let wei: Headless
  let eve: Headless
  let room: Id
  let weisDevice: Id
  const said: string[] = []
  /** What the houses of these two make of a log; nothing in it is changed before somebody says so. */
  const lies: { lilei?: Lie; mei?: Lie } = {}
  let forking = false

  const isWeis = (entry: Entry) => entry.kind === 0 && entry.device === weisDevice
  const pages = () => [
    { one: lilei, words: en },
    { one: mei, words: zh },
  ]
  /** What has been said, in the order of the log, once all of it is there. */
  const log = async () => {
    const { items } = await wei.timeline(room, (now) => {
      const stored = now.every((item) => item.type !== "message" || item.seq !== undefined)
      return stored && textsOf(now).length >= said.length
    })
    expect(textsOf(items).sort()).toEqual([...said].sort())
    return textsOf(items)
  }
  const all = async () => {
    const inOrder = await log()
    for (const { one } of pages()) await one.sees(...inOrder)
  }
  const says = async (who: Person | Headless, line: string) => {
    said.push(line)
    await ("page" in who ? who.say(line) : who.say(room, line))
  }
  /** How often a sentence stands in the chat. */
  const lines = (one: Person, sentence: string) =>
    one.named("log", "Messages").getByText(sentence, { exact: true }).count()
  const alerts = (one: Person) => one.page.getByRole("alert").allInnerTexts()
  const isTold = (one: Person, sentence: string) =>
    one.page.getByRole("alert").filter({ hasText: sentence }).waitFor()
  const dismiss = async (one: Person) => {
    await one.named("button", "Dismiss").click()
    await until(() => alerts(one), [], PATIENCE)
  }

  beforeAll(async () => {
    const conf = join(shelf, "server.conf")
    writeFileSync(conf, "[limits]\ncommit_interval_ms = 100\ncommit_burst = 20\n")
    browser = await openBrowser()
    house = await openHouse({ data: join(shelf, "house"), environment: { TEAHOUSE_CONFIG: conf } })
    toLilei = await openLyingHouse(house.port)
    toMei = await openLyingHouse(house.port)
    // A lie that holds together takes having listened from the beginning.
    const fork = forkWithout((entry) => forking && isWeis(entry))
    toLilei.tamper.down = (frame) => {
      const shown = lies.lilei ? lies.lilei(frame) : frame
      return shown && fork(shown)
    }
    toMei.tamper.down = (frame) => (lies.mei ? lies.mei(frame) : frame)
    wei = openPerson(house.url, newDisk(), { pace })
    eve = openPerson(house.url, newDisk(), {
      ...{ pace, crypto: poisonous(poison), openSocket: tampered(spoiled) },
    })
    const arrive = async (name: string, at: string, locale: "en-US" | "zh-CN") => {
      const one = await openTab(
        await openProfile(browser, locale),
        at,
        ...(locale === "zh-CN" ? [chinese] : []),
      )
      await one.createAccount(name, SECRET)
      return one
    }
    ;[lilei, mei] = await Promise.all([
      arrive("lilei", toLilei.url, "en-US"),
      arrive("meimei", toMei.url, "zh-CN"),
      wei.register("wei"),
      eve.register("eve"),
    ])
    const session = await wei.until("session", undefined, ({ state }) => state === "signed_in")
    if (session.state === "signed_in") weisDevice = session.device
    await befriend(wei, "wei", eve, "eve")
    for (const username of ["lilei", "meimei"]) await wei.must("requestFriend", { username, line: "tea?" })
    await Promise.all(pages().map(({ one }) => one.accept("wei")))
    const { friends } = await wei.until("contacts", undefined, (value) => value.friends.length === 3)
    const members = friends.map(({ user }) => user)
    ;({ room } = await wei.must("createGroup", { name: GROUP, members }))
    const evil = friends.find(({ username }) => username === "eve")?.user as Id
    await wei.must("setAdmin", { room, user: evil, on: true })
    for (const { one } of pages()) await one.openChat(GROUP)
    await says(lilei, "hello everybody")
    await says(mei, "大家好")
    await says(wei, "the kettle is on")
    await says(eve, "how nice")
    await all()
  })
  afterAll(async () => {
    const bugs = [wei, eve].flatMap((one) => one?.bugs ?? [])
    await Promise.all([wei, eve].map((one) => one?.client.stop()))
    await browser?.close()
    await toLilei?.close()
    await toMei?.close()
    await house?.stop()
    rmSync(shelf, { recursive: true, force: true })
    expect(bugs).toEqual([])
  })

  /**
   * A change of the rules is a commit, and an admin may make one. It counts when the house has taken it. Who shuts the others out does so in
   * every commit of this generation: or else her own client would open the way again.
   */
  const sabotage = async (shut: boolean) => {
    poison.commits.length = 0
    Object.assign(poison, shut ? { shut, generation: 0, on: true } : {})
    void eve.command("setPastRule", { room, days: shut ? 8 : 7 })
    const db = new DatabaseSync(join(house.data, "house.db"), { readOnly: true, timeout: 10_000 })
    const found = db.prepare("SELECT 1 FROM entry WHERE kind = 1 AND body = ?")
    const wanted = () => {
      const placed = poison.commits.some((body) => found.get(body))
      if (!shut) poison.on = !placed
      return placed
    }
    await expect.poll(wanted).toBe(true)
    db.close()
  }

  test("a member who posts garbage, and commits that nobody can follow, costs a line each in one's language", async () => {
    spoiled.up = (frame) =>
      frame.t === "send"
        ? {
            ...frame,
            items: frame.items.map(({ n, body }) => ({ n, body: body.with(-1, (body.at(-1) ?? 0) ^ 1) })),
          }
        : frame
    await eve.say(room, "what nobody can read")
    for (const { one, words } of pages())
      await until(() => lines(one, words.eventUnreadable("eve")), 1, PATIENCE)
    delete spoiled.up

    await sabotage(false)
    for (const { one, words } of pages()) await until(() => lines(one, words.eventRejoined), 1, PATIENCE)
    await says(lilei, "that was odd")
    await says(mei, "刚才怎么了？")
    await all()

    await sabotage(true)
    await says(mei, "有人吗？")
    await says(lilei, "I can hear you")
    for (const { one, words } of pages()) await until(() => lines(one, words.eventRenewed), 1, PATIENCE)
    await says(wei, "all here again")
    await all()
    for (const { one, words } of pages()) {
      expect(await lines(one, words.eventUnreadable("eve"))).toBe(1)
      expect(await lines(one, words.eventRejoined)).toBe(1)
      expect(await lines(one, words.eventRenewed)).toBe(1)
      expect(await alerts(one)).toEqual([])
    }
    await shot(lilei, "saboteur-en")
    await shot(mei, "saboteur-zh")
  })

  test("a house that keeps a line back, changes their order, or takes some back is reported, and believed again when it shows all", async () => {
    let hidden: number | undefined
    const drop = (entries: Entry[]) =>
      entries.filter((entry) => {
        if (isWeis(entry)) hidden ??= entry.seq
        return entry.seq !== hidden
      })
    const held: Entry[] = []
    const swap = (entries: Entry[]) => {
      held.push(...entries.filter(isWeis))
      const [a, b] = held
      return a && b
        ? [
            { ...b, seq: a.seq },
            { ...a, seq: b.seq },
          ]
        : []
    }
    lies.lilei = inEntries(() => room, drop)
    lies.mei = inEntries(() => room, swap)
    await says(wei, "the first cup")
    await says(wei, "the second cup")
    for (const { one, words } of pages()) await isTold(one, words.alarmForked)
    await shot(lilei, "lying-drops-en")
    await shot(mei, "lying-reorders-zh")
    delete lies.lilei
    delete lies.mei
    await all()
    for (const { one, words } of pages()) {
      expect(await alerts(one)).toEqual([expect.stringContaining(words.alarmForked)])
      await dismiss(one)
    }

    const shorter = (frame: Down): Down => {
      if (frame.t !== "live" || frame.room !== room) return frame
      const { head: _, ...rest } = frame
      return { ...rest, seq: frame.seq - 1 }
    }
    const comeBack = () => {
      toLilei.hangUp()
      toMei.hangUp()
    }
    Object.assign(lies, { lilei: shorter, mei: shorter })
    comeBack()
    for (const { one, words } of pages()) await isTold(one, words.alarmRolledBack)
    await shot(lilei, "lying-takes-back-en")
    await shot(mei, "lying-takes-back-zh")
    delete lies.lilei
    delete lies.mei
    comeBack()
    await says(mei, "茶还热吗？")
    await says(lilei, "still hot")
    await all()
    for (const { one } of pages()) await dismiss(one)
  })

  test("a log that holds together and is not the one that others have is found out, by both, when somebody speaks", async () => {
    const before = await log()
    forking = true
    await wei.say(room, "the cake is for lilei")
    await mei.sees(...before, "the cake is for lilei")
    await wei.say(room, "did you like it?")
    await isTold(lilei, en.alarmForked)
    await lilei.sees(...before, "did you like it?")
    expect((await lilei.articles()).join()).not.toContain("the cake")
    await lilei.say("like what?")
    await isTold(mei, zh.alarmForked)
    await shot(lilei, "lying-forks-en")
    await shot(mei, "lying-forks-zh")
  })
})
