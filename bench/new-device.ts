/**
 * A new device (docs/decisions/19): an account with a long past signs in with the password in a real Chromium with an empty
 * profile, while no other device of it is there. Timed by what a reader sees: the list, the newest lines of the last ten
 * chats, 50 lines of each of the ten in the browser's own store, where nobody has opened any; only then 50 lines of the newest one on
 * the screen, of all ten as they are opened one after another, and until all of the past is here. Beside it the browser's CPU time until
 * the newest 50 lines of all ten stand there: on a machine that others use too, that is what tells.
 */
import { tempDir } from "@teahouse/server/room/log.fixture.ts"
import { chromium } from "playwright-core"
import { flags } from "../test/browser.ts"
import { befriend, openPerson, PASSWORD } from "../test/headless/person.ts"
import { openHouse } from "../test/house.ts"
import { openTab } from "../test/journey/person.ts"
import { chromiumPath } from "../test/program.ts"
import { processCpuMs } from "./browser/cpu.ts"
import { type Lines, untilStored } from "./browser/stored.ts"
import { lineOf, RAISED } from "./browser/world.ts"
import { type Print, round } from "./measure.ts"

const CHATS = 10
const LINES = 50
const ABREAST = 500

export async function newDevice(print: Print, quick: boolean): Promise<void> {
  const messages = quick ? 6_000 : 100_000
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error("this bench needs Chromium")
  const house = await openHouse({ environment: RAISED })
  const folder = tempDir()
  const [lan, bo] = [openPerson(house.url), openPerson(house.url)]
  const say = async (room: Awaited<ReturnType<typeof befriend>>, count: number, name: string) => {
    for (let at = 0; at < count; at += ABREAST) {
      const some = Array.from({ length: Math.min(ABREAST, count - at) }, (_, i) => at + i)
      await Promise.all(some.map((n) => lan.say(room, `${name} ${lineOf(n)}`)))
      await lan.until("connection", undefined, ({ waiting }) => waiting === 0)
    }
    // Taken by the house is not yet read back from its log.
    let last = 0
    await lan.timeline(room, (items) => {
      const item = items.at(-1)
      if (item?.type !== "message" || !item.text.endsWith(lineOf(count - 1))) return false
      last = item.seq ?? 0
      return item.seq !== undefined
    })
    return last
  }
  try {
    await lan.register("lilei")
    await bo.register("hanmeimei")
    const old = await befriend(lan, "lilei", bo, "hanmeimei")
    const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 1)
    const names = Array.from({ length: CHATS }, (_, i) => `Group ${i}`)
    const rooms = []
    for (const name of names) {
      const made = await lan.must("createGroup", { name, members: friends.map(({ user }) => user) })
      await lan.until("room", made, (value) => value.state === "here" && value.title === name)
      rooms.push(made.room)
    }
    await bo.client.stop()
    const each = Math.floor(messages / 100)
    await say(old, messages - CHATS * each, "old")
    const newestLines: Lines[] = []
    for (const [i, room] of rooms.entries()) {
      const last = await say(room, each, names[i] ?? "")
      newestLines.push({ room, last, first: last - Math.min(LINES, each) + 1 })
    }
    const { used } = await lan.safe()
    await lan.client.stop()

    const profile = await chromium.launchPersistentContext(folder.path, {
      executablePath,
      args: [...flags],
      locale: "en-US",
      viewport: { width: 1280, height: 1000 },
    })
    const reader = await openTab(profile, house.url)
    reader.page.setDefaultTimeout(600_000)
    const cpu = () => processCpuMs(folder.path) ?? 0
    const began = performance.now()
    await reader.signIn("lilei", PASSWORD)
    const signInMs = performance.now() - began
    const signedInCpu = cpu()
    const list = reader.named("list", "Chats")
    for (const name of names)
      await list
        .getByText(`${name} ${lineOf(each - 1)}`.slice(-24))
        .first()
        .waitFor()
    const listMs = performance.now() - began - signInMs
    await untilStored(reader.page, newestLines)
    const storedMs = performance.now() - began - signInMs
    const log = reader.named("log", "Messages")
    const open = async (name: string) => {
      await reader.openChat(name)
      await log
        .getByText(`${name} ${lineOf(each - 1)}`.slice(-24))
        .first()
        .waitFor()
      await log
        .getByRole("article")
        .nth(Math.min(LINES, each) - 1)
        .waitFor()
    }
    const [newest = "", ...others] = names.toReversed()
    await open(newest)
    const openMs = performance.now() - began - signInMs
    for (const name of others) await open(name)
    const tenOpenMs = performance.now() - began - signInMs
    const openCpu = cpu()
    const banner = reader.named("status", "Connection")
    await banner.getByText("on its way").waitFor({ state: "detached" })
    const wholeMs = performance.now() - began - signInMs
    print({
      bench: "new-device",
      case: `messages${messages}`,
      server: "teahouse",
      signInMs: round(signInMs),
      tenChatsMs: round(listMs),
      tenStoredMs: round(storedMs),
      newestOpenMs: round(openMs),
      tenOpenMs: round(tenOpenMs),
      cpuMs: round(openCpu - signedInCpu),
      allHereMs: round(wholeMs),
      keptMb: round(used / 1_000_000),
    })
    await profile.close()
  } finally {
    await Promise.all([lan.client.stop(), bo.client.stop()])
    await house.remove()
    folder.remove()
  }
}
