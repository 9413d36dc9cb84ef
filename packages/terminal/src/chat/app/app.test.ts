/** Parts of the chat that need no terminal: its one table of keys, what is mentioned, emoji by name, paths, lines of a chat. */

import { homedir } from "node:os"
import { join } from "node:path"
import type { Timeline } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { editorOf } from "../input/editor.ts"
import { hasNames, loadEmoji, nameBefore, withEmoji } from "./emoji.ts"
import { helpLines } from "./help.ts"
import { actOf, keyName, keyTable, slashTable } from "./keys.ts"
import { entriesOf } from "./lines.ts"
import { mentionsIn } from "./mentions.ts"
import { fullPath } from "./slash.ts"
import { wordsOf } from "./words.ts"

test("every key does one thing where it works, and stands in the help in both languages", () => {
  const seen = keyTable.flatMap(({ where, keys }) => keys.map((key) => `${where} ${key}`))
  expect(new Set(seen).size).toBe(seen.length)
  for (const { where, act, keys } of keyTable) for (const key of keys) expect(actOf(where, key)).toBe(act)
  for (const tongue of ["zh", "en"] as const) {
    const text = helpLines(wordsOf(tongue), tongue)
      .map((line) => line.text)
      .join("\n")
    for (const row of keyTable) expect(text).toContain(`${row.keys.map(keyName)[0]}`)
    for (const row of [...keyTable, ...Object.values(slashTable)]) expect(text).toContain(row[tongue])
  }
  expect(["ctrl+k", "alt+shift+up", "alt+enter", "+", "r", "f1"].map(keyName)).toEqual([
    ...["Ctrl+K", "Alt+Shift+↑", "Alt+Enter", "+", "r", "F1"],
  ])
})

test("emoji by name, in both languages, wherever they stand but in words and times", async () => {
  const emoji = await loadEmoji()
  expect(emoji.named("teapot")).toBe("🫖")
  expect(emoji.search("茶", 6).map((one) => one.emoji)).toContain("🍵")
  expect((await withEmoji(editorOf("好的，:teapot:三点"))).text).toBe("好的，🫖三点")
  expect((await withEmoji(editorOf("at 10:30:45, :no_such_thing:"))).text).toBe(
    "at 10:30:45, :no_such_thing:",
  )
  expect(hasNames("http://a:8000/b")).toBe(false)
  expect(nameBefore("好的:tea")).toBe("tea")
  expect(nameBefore("10:30")).toBeUndefined()
})

test("mentions are the longest names of members", () => {
  const member = (user: string, publicName: string) =>
    ({ user: user as Id, username: user, name: "remark", publicName, role: "member" }) as const
  const members = [member("a", "Lan"), member("b", "Lan Lan")]
  expect(mentionsIn("@Lan Lan, @Lan and @all", members, "all")).toEqual([
    { user: "b", from: 0, length: 8 },
    { user: "a", from: 10, length: 4 },
    { user: "all", from: 19, length: 4 },
  ])
  expect(mentionsIn("@Lan", [], "all")).toEqual([])
})

test("paths as people write or drop them", () => {
  expect(fullPath("~/a b.txt")).toBe(join(homedir(), "a b.txt"))
  expect(fullPath("'/tmp/a b.txt'")).toBe("/tmp/a b.txt")
  expect(fullPath("/tmp/a\\ b.txt")).toBe("/tmp/a b.txt")
})

test("a chat's lines: who, when, what it answers, how it stands, and nothing that commands", () => {
  const bo = { user: "bo" as Id, username: "bo", name: "bo\u001b[31m" }
  const me = { user: "me" as Id, username: "me", name: "me" }
  const at = Date.UTC(2026, 0, 5, 14, 5)
  const common = {
    type: "message",
    mentions: [],
    reactions: [],
    may: { edit: false, recall: false, pin: false },
  } as const
  const text = { body: { kind: "text" } } as const
  const timeline: Timeline = {
    ...{ room: "r" as Id, first: 1, last: 3, atStart: true, atEnd: true, unread: 1, unreadFrom: 1 },
    items: [
      { ...common, ...text, key: "1", seq: 1, at, from: bo, mine: false, text: "三点喝茶？\u009b2J" },
      { ...common, ...text, key: "2", seq: 2, at: at + 1, from: bo, mine: false, text: "好吗" },
      {
        ...{
          ...common,
          ...text,
          key: "3",
          at: at + 2,
          from: me,
          mine: true,
          text: "好",
          delivery: "refused",
        },
        ...{ error: { kind: "offline" }, reply: { seq: 1, from: bo, text: "三点喝茶？" } },
        reactions: [{ emoji: "👍", people: [bo], mine: false }],
      },
    ],
  }
  const entries = entriesOf(timeline, {
    ...{ words: wordsOf("zh"), zh: true, width: 40, now: () => at },
    style: { language: "zh-CN", locale: "zh-CN", timeZone: "UTC" },
    picture: () => undefined,
  })
  const lines = entries.flatMap((entry) =>
    entry.lines.map((line) => line.parts.map(([part]) => part).join("")),
  )
  expect(lines).toEqual([
    ...["", "14:05", "── 以下为新消息 ──", "bo[31m  14:05", "  三点喝茶？2J", "  好吗"],
    ...["我  14:05", "  ▏bo[31m: 三点喝茶？", "  好", "  👍 1"],
    ...["  ! 未发送：无法连接服务器。按 ↑ 选中", "  后，t 重发，x 丢弃。"],
  ])
})
