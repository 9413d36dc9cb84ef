import type { Member } from "@teahouse/client/view/port/basic.ts"
import type { Mention } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { describe, expect, test } from "vitest"
import { loadReadings } from "../../text/pinyin.ts"
import { candidates, insertMention, mentionAt, shiftMentions, trimmed } from "./mentions.ts"

const lisi = "lisi" as Id
const at = (from: number, length = 3): Mention => ({ user: lisi, from, length })
const member = (username: string, name = username, publicName = name): Member => ({
  user: username as Id,
  username,
  name,
  publicName,
  role: "member",
})

describe("UX 11: a mention is data", async () => {
  const readings = await loadReadings()

  test("it moves with the text, and ends when it is typed into", () => {
    // "hi @李四 ok"
    expect(shiftMentions([at(3)], "hi @李四 ok", "hi there @李四 ok")).toEqual([at(9)])
    expect(shiftMentions([at(3)], "hi @李四 ok", "hi @李四 okay")).toEqual([at(3)])
    expect(shiftMentions([at(3)], "hi @李四 ok", "hi @李 ok")).toEqual([])
    expect(shiftMentions([at(3)], "hi @李四 ok", "hi @李x四 ok")).toEqual([])
    expect(shiftMentions([at(0), at(3)], "@李四@李四", "@李四")).toHaveLength(1)
    expect(shiftMentions([at(3)], "hi @李四 ok", "")).toEqual([])
  })

  test("@ opens without a space before it, and a space ends it", () => {
    expect(mentionAt("你好@zw", 5, [])).toEqual({ from: 2, query: "zw" })
    expect(mentionAt("@", 1, [])).toEqual({ from: 0, query: "" })
    expect(mentionAt("@zw now", 7, [])).toBeUndefined()
    expect(mentionAt("no sign", 7, [])).toBeUndefined()
    expect(mentionAt("hi @李四", 6, [at(3)])).toBeUndefined()
    expect(mentionAt(`@${"x".repeat(40)}`, 41, [])).toBeUndefined()
  })

  test("found by name, username, pinyin and initials; everybody where one may", () => {
    const members = [member("zhang.wei", "张伟"), member("xiongxin", "单雄信"), member("emma")]
    const names = (query: string, everyone: string[] = []) =>
      candidates(members, query, everyone, readings).map(({ name }) => name)
    expect(names("zw")).toEqual(["张伟"])
    expect(names("shanxx")).toEqual(["单雄信"])
    expect(names("zhang.w")).toEqual(["张伟"])
    expect(names("em")).toEqual(["emma"])
    expect(names("伟")).toEqual(["张伟"])
    expect(names("", ["everyone", "所有人"])).toEqual(["everyone", "张伟", "单雄信", "emma"])
    expect(names("suoyou", ["everyone", "所有人"])).toEqual(["everyone"])
    expect(names("nobody")).toEqual([])
  })

  test("the chosen one stands in the place of what was typed", () => {
    const done = insertMention(
      "你好@zw，走吧",
      [],
      { from: 2, caret: 5 },
      { user: lisi, name: "张伟", word: "张伟" },
    )
    expect(done).toEqual({
      text: "你好@张伟 ，走吧",
      mentions: [{ user: lisi, from: 2, length: 3 }],
      caret: 6,
    })
    const second = insertMention(
      "@ @李四",
      [at(2)],
      { from: 0, caret: 1 },
      { user: "all", name: "所有人", word: "所有人" },
    )
    expect(second.mentions.map(({ from, length }) => second.text.slice(from, from + length))).toEqual([
      "@所有人",
      "@李四",
    ])
  })

  test("a remark finds somebody, and what is written is the name that everybody sees", () => {
    const boss = member("zhang.wei", "难缠的老板", "张伟")
    const [byRemark] = candidates([boss], "难缠", [], readings)
    const [byName] = candidates([boss], "zw", [], readings)
    expect(byRemark).toEqual(byName)
    expect(byRemark && insertMention("@", [], { from: 0, caret: 1 }, byRemark).text).toBe("@张伟 ")
  })

  test("sending cuts empty edges and keeps the ranges right", () => {
    expect(trimmed("\n\n@李四 hi  \n", [at(2)])).toEqual({ text: "@李四 hi", mentions: [at(0)] })
  })
})
