import { describe, expect, it } from "vitest"
import { freeName, nameParts, savedName, shownName } from "./file-name.ts"

describe("names that others wrote", () => {
  it.each([
    ["../../x", "x"],
    ["..\\..\\windows\\system.ini", "system.ini"],
    ["/etc/passwd", "passwd"],
    ["..", "file"],
    ["", "file"],
    [".hidden", "hidden"],
    ["CON.txt", "_CON.txt"],
    ["a<b>:c?.png", "a_b__c_.png"],
    ["ends with dots. . .", "ends with dots"],
    ["photo\u202egpj.exe", "photogpj.exe"],
    ["zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"],
    ["报告 2025.docx", "报告 2025.docx"],
    ["tea\n\u0000.txt", "tea.txt"],
  ])("%j is saved as %j", (name, saved) => {
    expect(savedName(name)).toBe(saved)
  })
  it("a name of 10,000 characters keeps its ending", () => {
    const saved = savedName(`${"长".repeat(10_000)}.jpeg`)
    expect([...saved].length).toBe(180)
    expect(saved.endsWith("….jpeg")).toBe(true)
  })
  it("is never a path, whatever it is", () => {
    for (const name of ["a/b", "a\\b", "C:\\x", "../", "./.", "\u2028/..", "a/", "nul", "com1.txt"])
      expect(savedName(name)).not.toMatch(/[/\\:]|^\.|^$|^nul$|^com1/)
  })
  it("a taken name gets a number before its ending", () => {
    const taken = new Set(["a.txt", "a (2).txt", "README"])
    expect(freeName("a.txt", (name) => taken.has(name))).toBe("a (3).txt")
    expect(freeName("README", (name) => taken.has(name))).toBe("README (2)")
    expect(freeName("b.txt", (name) => taken.has(name))).toBe("b.txt")
  })
  it("in one line its end stays", () => {
    expect(nameParts("a very long name of a report.docx")).toEqual(["a very long name of a rep", "ort.docx"])
    expect(nameParts("x")).toEqual(["", "x"])
    expect(nameParts("\u202ex").join("")).toBe("x")
    expect(shownName("\u200b")).toBe("file")
  })
})
