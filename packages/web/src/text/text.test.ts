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
  it("follow the browser's order", () => {
    expect(browserLanguage(["fr", "zh-TW", "en"])).toBe("zh-CN")
    expect(browserLanguage(["en-GB", "zh"])).toBe("en")
    expect(browserLanguage(["fr"])).toBe("en")
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
