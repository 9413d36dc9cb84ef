import { quoted, said } from "@teahouse/client/words/said.ts"
import { errorKinds } from "@teahouse/protocol/error.ts"
import { describe, expect, it } from "vitest"
import { compareTables } from "../../build/translations.ts"
import { en } from "./en.ts"
import { errorText } from "./error-text.ts"
import { browserLanguage } from "./language.ts"
import { strength } from "./strength.ts"
import { zh } from "./zh-CN.ts"

describe("languages", () => {
  it("have the same strings", () => {
    expect(compareTables(en, zh, "zh-CN")).toEqual([])
  })
  it("a missing, additional, empty or different string is found", () => {
    const base = { a: "a", b: "b", f: (x: string) => x, g: "g" }
    const faults = compareTables(base, { a: " ", f: () => "", g: () => "", z: "z" }, "xx")
    expect(faults.map((fault) => fault.match(/"(\w)"/)?.[1])).toEqual(["a", "b", "f", "g", "z"])
  })
  it("every error has a sentence, an unknown one too", () => {
    for (const kind of [...errorKinds, "offline" as const, "busy" as const])
      for (const language of ["zh-CN", "en"] as const)
        expect(errorText(kind, language).length).toBeGreaterThan(3)
    expect(errorText("from_the_future" as "internal", "en")).toBe(errorText("internal", "en"))
  })
  it("of a history for which there is no room speak of history, and not of files", () => {
    expect(errorText("history_full", "en")).toMatch(/room left for your chat history/)
    expect(errorText("history_full", "en")).not.toContain("files")
    expect(errorText("history_full", "zh-CN")).toContain("空间保存你的聊天记录")
    expect(errorText("history_full", "zh-CN")).not.toContain("文件")
  })
  it("follow the browser's order", () => {
    expect(browserLanguage(["fr", "zh-TW", "en"])).toBe("zh-CN")
    expect(browserLanguage(["en-GB", "zh"])).toBe("en")
    expect(browserLanguage(["fr"])).toBe("en")
  })
})

describe("what was said", () => {
  const sticker = { text: "[Sticker]", sticker: true } as const
  const items = [{ name: "bo", at: 1, ...sticker }]
  const bundle = {
    text: "Tea\nbo: [Sticker]",
    body: { kind: "bundle", bundle: { title: "Tea", items } },
  } as const
  it("has its words in the language of whoever reads it: stickers, what was forwarded as one, the black list", () => {
    expect(said(sticker, zh)).toBe("[表情]")
    expect(said(bundle, zh)).toBe("Tea\nbo: [表情]")
    expect(said({ text: "Tea", bundle: true }, zh)).toBe("[聊天记录] Tea")
    expect(quoted({ ...bundle, text: "", blocked: true }, zh)).toBe(zh.blockedSaid)
  })
})

describe("the strength hint", () => {
  it.each(["", "1234567", "aaaaaaaaaa", "password1", "12345678", "lisi1234"])("%s is weak", (password) => {
    expect(strength(password, "lisi")).toBe("weak")
  })
  it("a sentence is good, in Chinese too", () => {
    expect(strength("correct horse battery", "lisi")).toBe("good")
    expect(strength("春眠不觉晓处处闻啼鸟", "lisi")).toBe("good")
  })
})
