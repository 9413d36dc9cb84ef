import { expect, test } from "vitest"
import { asksForHelp, groups, helpText } from "./help.ts"
import { commandNames } from "./main.ts"

test("every command stands in the help, and nothing else", () => {
  const helped = groups.flatMap(({ uses }) => uses.map(({ use }) => use.split(" ")[0]))
  expect([...new Set(helped)].sort()).toEqual([...commandNames].sort())
})

test("in both languages, of all or of one", () => {
  expect(helpText("zh")).toContain("开启服务器")
  expect(helpText("en")).toContain("open the house")
  expect(helpText("en", "tail")).toContain("--count N")
  expect(helpText("en", "tail")).not.toContain("backup")
})

test("a message that says --help is not a question", () => {
  expect(asksForHelp(["send", "--help"])).toBe(true)
  expect(asksForHelp(["send", "-h"])).toBe(true)
  expect(asksForHelp(["send", "--to", "x", "--", "--help"])).toBe(false)
})
