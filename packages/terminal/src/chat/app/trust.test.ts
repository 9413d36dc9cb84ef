/** What somebody is asked about a changed identity, and what each answer does. */
import type { Safety } from "@teahouse/client/view/port/contacts.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { createSurface, linesOf } from "../screen/surface.ts"
import type { Page, Shell } from "./shell.ts"
import { trustPage } from "./trust.ts"
import { wordsOf } from "./words.ts"

const [OLD, NEW] = ["1", "2"].map((digit) => Array.from({ length: 12 }, () => digit.repeat(5)).join(" ")) as [
  string,
  string,
]
const user = "user" as Id

function asked(tongue: "zh" | "en", more: Partial<Safety>) {
  const commands: [string, unknown][] = []
  const said: string[] = []
  const shell = {
    ...{ words: wordsOf(tongue), close() {}, say: (text: string) => said.push(text) },
    ask: async (name: string, args: unknown) => {
      commands.push([name, args])
      return null
    },
    run: (work: () => Promise<void>) => void work(),
  } as unknown as Shell
  const safety: Safety = { number: OLD, code: "", ...more }
  const page = trustPage(shell, user, "Bo", safety)
  const surface = createSurface(80, 24)
  page.draw(surface)
  return { page, screen: linesOf(surface).join("\n"), commands, said }
}
const press = async (page: Page, ...names: string[]) => {
  for (const name of names) page.input({ type: "key", name } as Parameters<Page["input"]>[0])
  await new Promise((done) => setTimeout(done))
}

test("a changed identity is accepted or refused in words, and Enter alone accepts nothing", async () => {
  for (const tongue of ["zh", "en"] as const) {
    const changed = { changed: { number: NEW, code: "" }, verifiedAt: 1 }
    const { screen, page, commands, said } = asked(tongue, changed)
    // The new number, whole, with why it matters and all three answers, in the smallest usual window.
    expect(screen.match(/22222/g)).toHaveLength(12)
    const words = wordsOf(tongue)
    for (const line of [words.trustRefuse, words.trustSameAccept, words.trustGoOn, words.trustVerifiedBefore])
      expect(screen).toContain(line)
    await press(page, "enter")
    await press(page, "escape")
    expect([commands, said]).toEqual([[], [words.trustRefused("Bo"), words.trustRefused("Bo")]])
    const compared = asked(tongue, changed)
    await press(compared.page, "down", "enter")
    expect(compared.commands).toEqual([["setVerified", { user, on: true, number: NEW }]])
    const without = asked(tongue, changed)
    await press(without.page, "down", "down", "enter")
    expect(without.commands).toEqual([["acceptIdentity", { user, number: NEW }]])
    expect(without.said).toEqual([words.trustAccepted("Bo")])
  }
})

test("an identity as it was is compared, and nothing is asked about another", async () => {
  const { page, screen, commands } = asked("en", {})
  expect(screen.match(/11111/g)).toHaveLength(12)
  expect(screen).not.toContain("Refuse")
  await press(page, "enter")
  expect(commands).toEqual([["setVerified", { user, on: true, number: OLD }]])
})
