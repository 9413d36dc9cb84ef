/**
 * `npm run screenshots`: the pictures of the README, taken of a real house in a real browser, so that they show what there is.
 * The four are: English and light, English and dark, Chinese and light, Chinese on a telephone in the dark. Four more, of the docs, show
 * administration (who made the first account has it) and what a device in a LAN finds before it trusts the house.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startHouse } from "@teahouse/server/main.ts"
import type { Browser } from "playwright-core"
import { openBrowser } from "../test/browser.ts"
import { openHouse } from "../test/house.ts"
import { chinese, english, type Names } from "../test/journey/names.ts"
import { befriend, openTab, type Person } from "../test/journey/person.ts"

const folder = join(import.meta.dirname, "..", "docs", "screenshots")
const SECRET = "seven slow pots of oolong"

type Line = readonly [who: 0 | 1, text: string]
type Story = {
  readonly names: Names
  readonly locale: string
  readonly people: readonly [string, string, string]
  readonly asking: string
  readonly lines: readonly Line[]
  readonly other: readonly Line[]
}

const inEnglish: Story = {
  names: english,
  locale: "en-US",
  people: ["alice", "bob", "carol"],
  asking: "Hi Bob, it's Alice from the tea shop.",
  lines: [
    [0, "Hi Bob! Did the new oolong arrive?"],
    [1, "This morning, two boxes 🍵"],
    [1, "It smells of orchids, you have to try it."],
    [0, "Then I'm coming over. Four o'clock?"],
    [1, "Four is perfect. Bring the small cups."],
    [0, "And nobody but us knows about the second box."],
  ],
  other: [
    [1, "Are you coming on Sunday?"],
    [0, "Yes! I'll bring the map."],
  ],
}
const inChinese: Story = {
  names: chinese,
  locale: "zh-CN",
  people: ["李雷", "韩梅梅", "林涛"],
  asking: "梅梅，我是茶庄的李雷。",
  lines: [
    [0, "梅梅，新到的乌龙到了吗？"],
    [1, "今天早上到的，两箱 🍵"],
    [1, "有股兰花香，你一定要来尝尝。"],
    [0, "那我这就过来，四点行吗？"],
    [1, "四点正好，记得带上小杯子。"],
    [0, "第二箱的事，就我们俩知道。"],
  ],
  other: [
    [1, "星期天你来吗？"],
    [0, "来，我带地图。"],
  ],
}

type Shots = (me: Person, friend: Person) => Promise<void>

async function tell(browser: Browser, story: Story, shots: Shots): Promise<void> {
  const house = await openHouse()
  const profiles = await Promise.all(
    story.people.map(() =>
      browser.newContext({
        locale: story.locale,
        viewport: { width: 1280, height: 800 },
        deviceScaleFactor: 2,
      }),
    ),
  )
  try {
    const people: Person[] = []
    for (const [i, profile] of profiles.entries()) {
      const person = await openTab(profile, house.url, story.names)
      await person.createAccount(story.people[i] ?? "", SECRET)
      people.push(person)
    }
    const [me, friend, other] = people as [Person, Person, Person]
    const chat = async (peer: Person, index: 1 | 2, lines: readonly Line[]) => {
      await befriend(me, story.people[0], peer, story.people[index], story.asking)
      const said: string[] = []
      for (const [who, text] of lines) {
        await (who === 0 ? me : peer).say(text)
        said.push(text)
        await me.sees(...said)
        await peer.sees(...said)
      }
    }
    await chat(other, 2, story.other)
    await chat(friend, 1, story.lines)
    await shots(me, friend)
  } finally {
    for (const profile of profiles) await profile.close()
    await house.remove()
  }
}

async function shoot(
  me: Person,
  name: string,
  scheme: "light" | "dark",
  width = 1280,
  height = 800,
): Promise<void> {
  await me.page.setViewportSize({ width, height })
  await me.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" })
  await me.page.mouse.move(0, 0)
  await me.page.waitForTimeout(500)
  await me.page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(`docs/screenshots/${name}.png`)
}

/** Somebody talks meanwhile, so that there is something to see. */
async function administration(
  me: Person,
  friend: Person,
  scheme: "light" | "dark",
  name: string,
  narrow = false,
) {
  await me.page.goto(new URL("/1/admin/overview", me.page.url()).href)
  // A page that nobody has touched says that it may make no sound.
  await me.page.locator('a[href$="/admin/overview"]').click()
  await me.page.getByRole("button", { name: /^(Not now|暂不)$/ }).click()
  for (let i = 0; i < 45; i++) {
    const many = Math.round(3 + 3 * Math.sin(i / 5))
    for (let n = 0; n < many; n++) await friend.say(`${i}.${n}`)
    await friend.page.waitForTimeout(1_000)
  }
  await shoot(me, name, scheme, ...(narrow ? ([390, 780] as const) : []))
}

/** What explains the house's own certificate. */
async function certificate(browser: Browser) {
  const data = mkdtempSync(join(tmpdir(), "teahouse-pictures-"))
  const house = await startHouse({ port: 0, redirectPort: 0, data, selfSigned: true, logLevel: "silent" })
  try {
    const page = await browser.newPage({ viewport: { width: 820, height: 1_000 } })
    for (const [tongue, colorScheme] of [
      ["en", "light"],
      ["zh", "dark"],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.goto(`http://127.0.0.1:${house.redirectPort}/${tongue}`)
      await page.screenshot({ path: join(folder, `self-signed-${tongue}.png`) })
      console.log(`docs/screenshots/self-signed-${tongue}.png`)
    }
  } finally {
    await house.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

mkdirSync(folder, { recursive: true })
const browser = await openBrowser()
try {
  await certificate(browser)
  await tell(browser, inEnglish, async (me, friend) => {
    await shoot(me, "chat-en-light", "light")
    await shoot(me, "chat-en-dark", "dark")
    await administration(me, friend, "light", "admin-en-light")
  })
  await tell(browser, inChinese, async (me, friend) => {
    await shoot(me, "chat-zh-light", "light")
    await shoot(me, "chat-zh-dark-narrow", "dark", 390, 780)
    await administration(me, friend, "dark", "admin-zh-dark-narrow", true)
  })
} finally {
  await browser.close()
}
