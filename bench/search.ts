/**
 * Search over a million messages of one account's local history (DESIGN "How fast"), as a person has it: the real page in
 * Chromium, its worker, its IndexedDB, the words that the client itself has made of what is there (history/words.ts). The past
 * is put into the browser's store by the client's own code (search/fill.ts); the house is away while it is searched, and the page
 * comes from what the browser keeps. Timed by the page from its question: until the first result is there, until all was
 * looked through; every case after the others, as a person looks for one thing after another.
 */
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Page } from "playwright-core"
import { rolldown } from "rolldown"
import { openPerson } from "../test/headless/person.ts"
import { person } from "../test/journey/person.ts"
import { processCpuMs } from "./browser/cpu.ts"
import { heapBytes } from "./browser/heap.ts"
import { noteTasks, tasksSince } from "./browser/tasks.ts"
import { openWorld, type World } from "./browser/world.ts"
import { type Print, round } from "./measure.ts"
import type { Filling } from "./search/fill.ts"
import { listen, searched } from "./search/probe.ts"
import { speech } from "./search/words.ts"

const MB = 1_000_000
const GROUPS = 18
const SEED = 20_261_128
const DAY_MS = 86_400_000
/** Nobody else says it. */
const OLDEST = "第一壶龘茶，从这里开始"

export async function search(print: Print, quick: boolean): Promise<void> {
  const messages = quick ? 50_000 : 1_000_000
  const world = await openWorld()
  const rarely = openPerson(world.house.url)
  try {
    await rarely.register("weiwei")
    const { user, names } = await furnish(world, rarely)
    const { state, ...session } = await rarely.until("session", undefined, (one) => one.state === "signed_in")
    if (!("user" in session)) throw new Error(state)
    await Promise.all([rarely.client.stop(), world.talker.client.stop(), world.house.stop()])
    const to = Date.now() - DAY_MS
    const filling: Filling = {
      ...{ slot: "1", user, messages, from: to - 1_000 * DAY_MS, to, oldest: OLDEST, seed: SEED },
      rare: { user: session.user, oneIn: 5_000 },
    }
    const line = (name: string) => ({
      bench: "search",
      case: `messages${messages} ${name}`,
      server: "teahouse",
    })
    const began = performance.now()
    const filled = await fillStore(world, filling)
    print({
      ...line("fill"),
      messages: filled.messages,
      mb: round(filled.bytes / MB),
      ms: round(performance.now() - began),
    })

    const page = await world.profile.newPage()
    page.setDefaultTimeout(1_200_000)
    await page.addInitScript(listen)
    await page.goto(world.house.url)
    await person(page).named("list", "Chats").getByText("lilei").first().waitFor()
    const cpu = () => processCpuMs(world.folder) ?? 0
    const memory = async (name: string) => {
      const heap = await heapBytes(world.debuggingPort, world.house.url)
      print({ ...line(name), pageHeapMb: round(heap.page / MB), workerHeapMb: round(heap.worker / MB) })
    }
    const before = cpu()
    const indexing = performance.now()
    while ((await waiting(page, filling)) > 0) await pause(500)
    print({ ...line("words made"), ms: round(performance.now() - indexing), cpuMs: round(cpu() - before) })
    await memory("memory before")

    await noteTasks(page)
    const box = page.getByRole("searchbox", { name: "Search", exact: true })
    // A hand that has clicked into the field needs as long until the first letter.
    await box.click()
    await pause(500)
    const timed = async (name: string, doing: () => Promise<unknown>) => {
      await box.fill("")
      await pause(300)
      await tasksSince(page)
      const at = cpu()
      const { firstMs, shownMs, allMs, found, more } = await searched(page, doing)
      const cpuMs = cpu() - at
      const tasks = await tasksSince(page)
      print({
        ...line(name),
        ...(firstMs === undefined ? {} : { firstMs: round(firstMs) }),
        ...(shownMs === undefined ? {} : { shownMs: round(shownMs) }),
        ...{ allMs: round(allMs), cpuMs: round(cpuMs), found, more },
        longestTaskMs: round(Math.max(0, ...tasks)),
        tasksOver50: tasks.length,
      })
    }
    const { chinese, english } = speech(SEED)
    const words: [string, string][] = [
      ["first search, the oldest message", "从这里开始"],
      ["1 character, everywhere", "的"],
      ["1 character, once, the oldest", "龘"],
      ["1 character, nowhere", "㐂"],
      ["2 characters, frequent", "今天"],
      ["2 characters, rare", chinese.filter((word) => word.length === 2)[12_000] as string],
      ["2 characters, nowhere", "㐂茶"],
      ["4 characters, frequent", "我们今天"],
      ["4 characters, rare", (chinese[9_000] as string) + (chinese[4_000] as string)],
      ["10 characters, nowhere", "从来没有人说过这句话"],
      ["1 letter", "t"],
      ["2 letters", "th"],
      ["2 letters, nowhere", "qz"],
      ["a word, frequent", "with"],
      ["a word, rare", english[8_000] as string],
      ["part of a word, nowhere", "zzyzx"],
    ]
    for (const [name, query] of words) await timed(name, () => box.fill(query))
    await timed("typed, letter by letter", () =>
      box.pressSequentially("good morning everybody", { delay: 90 }),
    )

    await page.getByRole("button", { name: "Filters", exact: true }).click()
    const choose = (name: string, label: string) =>
      page.getByRole("combobox", { name, exact: true }).selectOption({ label })
    const filters: [string, string, [string, string][], [string, string][]?][] = [
      ["everywhere, in the smallest chat", "的", [["Chat", names.at(-1) as string]]],
      ["everywhere, by who says little", "的", [["Sender", "weiwei"]]],
      [
        "links of who says little",
        "",
        [
          ["Sender", "weiwei"],
          ["Kind", "Links"],
        ],
      ],
      ["files with a word", "今天", [["Kind", "Files"]]],
      ["all files", "", [["Kind", "Files"]]],
      ["all polls, nowhere", "", [["Kind", "Polls"]]],
      [
        "one day, long ago",
        "的",
        [],
        [
          ["From", dateOf(to - 900 * DAY_MS)],
          ["To", dateOf(to - 900 * DAY_MS)],
        ],
      ],
      [
        "one day, nowhere",
        "㐂茶",
        [],
        [
          ["From", dateOf(to - 900 * DAY_MS)],
          ["To", dateOf(to - 900 * DAY_MS)],
        ],
      ],
    ]
    for (const [name, query, chosen, days = []] of filters) {
      await timed(name, async () => {
        for (const [what, label] of chosen) await choose(what, label)
        for (const [what, date] of days) await page.getByLabel(what, { exact: true }).fill(date)
        await box.fill(query)
      })
      for (const [what] of chosen)
        await page.getByRole("combobox", { name: what, exact: true }).selectOption("")
      for (const [what] of days) await page.getByLabel(what, { exact: true }).fill("")
    }
    await memory("memory after")
  } finally {
    await rarely.client.stop()
    await world.close()
  }
}

const dateOf = (at: number) => new Date(at).toLocaleDateString("sv")

/** Chats with Li Lei, who has made groups, and with somebody else; the page's shell is kept for when the house is away. */
async function furnish(world: World, rarely: ReturnType<typeof openPerson>) {
  const { talker } = world
  await rarely.must("requestFriend", { username: "hanmeimei", line: "hello" })
  const { friends } = await talker.until("contacts", undefined, (value) => value.friends.length === 1)
  const user = friends[0]?.user as Id
  const names = Array.from({ length: GROUPS }, (_, i) => `Group ${i}`)
  for (const name of names) {
    const made = await talker.must("createGroup", { name, members: [user] })
    await talker.until("room", made, (value) => value.state === "here" && value.title === name)
  }
  const reader = await world.openReader()
  await reader.accept("weiwei")
  await reader.go("Chats")
  for (const name of names)
    await reader.named("list", "Chats").getByText(name, { exact: true }).first().waitFor()
  await reader.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await pause(2_000)
  await reader.page.close()
  // The worker ends with its last tab.
  await pause(2_000)
  return { user, names }
}

async function fillStore({ profile, house }: World, filling: Filling) {
  const build = await rolldown({
    input: join(import.meta.dirname, "search", "fill.ts"),
    platform: "browser",
  })
  const { output } = await build.generate({ format: "iife", name: "filler", codeSplitting: false })
  await build.close()
  const page = await profile.newPage()
  try {
    page.setDefaultTimeout(1_200_000)
    // Of the house's own origin, and without the client.
    await page.route("**/nobody", (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html>" }),
    )
    await page.goto(`${house.url}/nobody`)
    await page.evaluate(
      `globalThis.__zod_globalConfig = { jitless: true }; ${output[0].code}; globalThis.filler = filler`,
    )
    return await page.evaluate(
      (what) =>
        (
          globalThis as unknown as typeof import("./search/fill.ts") & {
            filler: typeof import("./search/fill.ts")
          }
        ).filler.fill(what),
      filling,
    )
  } finally {
    await page.close()
  }
}

/** Blocks whose words are still to be made. */
const waiting = (page: Page, { slot, user }: Filling) =>
  page.evaluate(
    (name) =>
      new Promise<number>((done, fail) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => fail(opening.error)
        opening.onsuccess = () => {
          const db = opening.result
          const counting = db
            .transaction("records")
            .objectStore("records")
            .count(IDBKeyRange.bound("wordless/", "wordless/\uffff"))
          counting.onerror = () => fail(counting.error)
          counting.onsuccess = () => {
            db.close()
            done(counting.result)
          }
        }
      }),
    `teahouse-${slot}-${user}`,
  )
