/**
 * Two friends in a house whose rates are raised: Li Lei without a screen, who talks; Han Meimei in a real Chromium, who is
 * measured. Everything is the real thing: accounts, MLS, storage, the page as it is built.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { tempDir } from "@teahouse/server/room/log.fixture.ts"
import { type BrowserContext, chromium } from "playwright-core"
import { flags } from "../../test/browser.ts"
import { freePorts } from "../../test/free-ports.ts"
import { openPerson, type Person } from "../../test/headless/person.ts"
import { type House, openHouse } from "../../test/house.ts"
import { openTab, person, type Person as Reader } from "../../test/journey/person.ts"
import { chromiumPath } from "../../test/program.ts"

const SECRET = "three quiet cups of oolong"
/** A house that takes whatever one device says. */
export const RAISED = {
  TEAHOUSE_LIMIT_SENDS_PER_SECOND: "1000000",
  TEAHOUSE_LIMIT_SEND_BURST: "1000000",
  TEAHOUSE_LIMIT_REQUESTS_PER_SECOND_ADDRESS: "1000000",
  TEAHOUSE_LIMIT_REQUEST_BURST_ADDRESS: "1000000",
  TEAHOUSE_LIMIT_HISTORY_WRITES_PER_SECOND: "1000000",
  TEAHOUSE_LIMIT_HISTORY_WRITE_BURST: "1000000",
}

export type World = {
  readonly house: House
  readonly talker: Person
  readonly room: Id
  readonly profile: BrowserContext
  readonly debuggingPort: number
  /** Of the browser's profile; its processes name it. */
  readonly folder: string
  /** A tab of Han Meimei, who is signed in; `before` runs in it before anything else. */
  openReader(before?: () => void): Promise<Reader>
  close(): Promise<void>
}

export async function openWorld(): Promise<World> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error("this bench needs Chromium")
  const house = await openHouse({ environment: RAISED })
  const [debuggingPort] = (await freePorts(1)) as [number]
  const folder = tempDir()
  const profile = await chromium.launchPersistentContext(folder.path, {
    executablePath,
    args: [...flags, `--remote-debugging-port=${debuggingPort}`],
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
  })
  const talker = openPerson(house.url)
  await talker.register("lilei")
  const first = await openTab(profile, house.url)
  await first.createAccount("hanmeimei", SECRET)
  await talker.must("requestFriend", { username: "hanmeimei", line: "hello" })
  await first.accept("lilei")
  const room = await talker.chatWith("hanmeimei")
  await first.page.close()
  return {
    house,
    talker,
    room,
    profile,
    debuggingPort,
    folder: folder.path,
    async openReader(before) {
      const page = await profile.newPage()
      if (before) await page.addInitScript(before)
      await page.goto(house.url, { waitUntil: "domcontentloaded" })
      return person(page)
    },
    async close() {
      await talker.client.stop()
      await profile.close()
      await house.remove()
      folder.remove()
    },
  }
}

/** Says `count` lines and waits until the house has all of them. */
export async function talk({ talker, room }: World, count: number, from = 0): Promise<void> {
  const ABREAST = 500
  for (let at = 0; at < count; at += ABREAST) {
    const some = Array.from({ length: Math.min(ABREAST, count - at) }, (_, i) => from + at + i)
    await Promise.all(some.map((n) => talker.say(room, lineOf(n))))
    await talker.until("connection", undefined, ({ waiting }) => waiting === 0)
  }
}

const words = [
  "茶馆里很安静",
  "we met at the gate",
  "今天下午三点",
  "再来一壶龙井",
  "see you tomorrow",
  "好的",
]
/** Lines of different lengths; each ends with its number. */
export const lineOf = (n: number): string =>
  `${Array.from({ length: 1 + (n % 7) * (n % 3) }, (_, i) => words[(n + i) % words.length]).join("，")} #${n}`
