/** What a person does with one tab, in the words of the screen. Every wait ends: a journey fails, it does not hang. */

import type { BrowserContext, Locator, Page } from "playwright-core"
import { PATIENCE } from "../browser.ts"
import { english, type Names } from "./names.ts"
import { until } from "./until.ts"

export type Person = {
  readonly page: Page
  /** Returns the recovery code. */
  createAccount(username: string, password: string): Promise<string>
  signIn(username: string, password: string): Promise<void>
  /** To Chats, Contacts or Settings. */
  go(place: "Chats" | "Contacts" | "Settings"): Promise<void>
  addFriend(username: string, line?: string): Promise<void>
  /** The name as it is shown: a nickname comes before a username, and may come a moment later. */
  accept(name: string | RegExp): Promise<void>
  openChat(name: string | RegExp): Promise<void>
  /** Types and presses Enter. */
  say(text: string): Promise<void>
  /** Waits until these, of all the texts that a test knows, stand in the chat: each once, in this order. */
  sees(...texts: readonly string[]): Promise<void>
  /** Texts of all articles in the open chat, from the top. */
  articles(): Promise<string[]>
  /** Waits until the region that tells of the connection says something, or nothing. */
  connection(state: "cut" | "fine"): Promise<void>
  named(role: Parameters<Page["getByRole"]>[0], name: string): Locator
}

export async function openTab(profile: BrowserContext, url: string, names: Names = english): Promise<Person> {
  const page = await profile.newPage()
  page.setDefaultTimeout(PATIENCE)
  await page.goto(url, { waitUntil: "domcontentloaded" })
  return person(page, names)
}

export function person(page: Page, names: Names = english): Person {
  const named: Person["named"] = (role, name) => page.getByRole(role, { name: names(name), exact: true })
  const within = (place: Locator, role: Parameters<Page["getByRole"]>[0], name: string) =>
    place.getByRole(role, { name: names(name), exact: true })
  const main = () => named("navigation", "Main")
  const box = () => named("log", "Messages")
  const password = (label: string) => page.getByLabel(names(label), { exact: true })

  const self: Person = {
    page,
    named,
    async createAccount(username, secret) {
      await named("link", "Create account").or(named("tab", "Create account")).first().click()
      await named("textbox", "Username").fill(username)
      await password("Password").fill(secret)
      await password("Confirm password").fill(secret)
      await named("button", "Create account").click()
      const dialog = named("dialog", "Recovery code")
      const code = (await dialog.getByText(/^(\w{4}-){6}\w{4}$/).textContent()) ?? ""
      await within(dialog, "button", "I have saved it").click()
      // Whoever came by a group's link goes to that group first.
      await main().or(named("heading", "Join a group")).waitFor()
      return code
    },
    async signIn(username, secret) {
      await named("textbox", "Username").fill(username)
      await password("Password").fill(secret)
      await named("button", "Sign in").click()
      await main().waitFor()
    },
    async go(place) {
      await main().getByText(names(place), { exact: true }).click()
    },
    async addFriend(username, line) {
      await self.go("Contacts")
      await named("button", "Add friend").click()
      const dialog = named("dialog", "Add friend")
      await within(dialog, "textbox", "Username").fill(username)
      if (line !== undefined) await within(dialog, "textbox", "Message").fill(line)
      await within(dialog, "button", "Send request").click()
      await dialog.waitFor({ state: "hidden" })
    },
    async accept(name) {
      await self.go("Contacts")
      const item = named("list", "Friend requests").getByRole("listitem").filter({ hasText: name })
      await within(item, "button", "Accept").click()
      await item.waitFor({ state: "hidden" })
    },
    async openChat(name) {
      await self.go("Chats")
      await named("list", "Chats").getByRole("listitem").filter({ hasText: name }).first().click()
      await box().waitFor()
    },
    async say(text) {
      const composer = named("textbox", "Message")
      await composer.fill(text)
      await composer.press("Enter")
      await until(() => composer.inputValue(), "", PATIENCE)
    },
    async articles() {
      return box().getByRole("article").allInnerTexts()
    },
    async sees(...texts) {
      const known = async () => {
        const articles = await self.articles()
        return articles.flatMap((article) => texts.filter((text) => article.includes(text)))
      }
      await until(known, [...texts], PATIENCE)
    },
    async connection(state) {
      const region = named("status", "Connection")
      const says = async () => ((await region.textContent())?.trim() ? "cut" : "fine")
      await until<string>(says, state, PATIENCE)
    },
  }
  return self
}

/** Two people who are friends already, each in a profile of their own. */
export async function befriend(
  a: Person,
  aName: string | RegExp,
  b: Person,
  bName: string,
  line = "hello",
): Promise<void> {
  await a.addFriend(bName, line)
  await b.accept(aName)
  await a.openChat(bName)
  await b.openChat(aName)
}

type Arriving = readonly [profile: BrowserContext, url: string, username: string, names?: Names]

/** Two people come at the same time, make accounts with one secret, and become friends. */
export async function arriveAsFriends(
  secret: string,
  ...both: [Arriving, Arriving]
): Promise<[Person, Person]> {
  const arrive = async ([profile, url, username, names]: Arriving) => {
    const one = await openTab(profile, url, names)
    await one.createAccount(username, secret)
    return one
  }
  const [a, b] = await Promise.all([arrive(both[0]), arrive(both[1])])
  await befriend(a, both[0][2], b, both[1][2])
  return [a, b]
}
