import { describe, expect, it } from "vitest"
import { cutLinks } from "./links.ts"

const links = (text: string) =>
  cutLinks(text).flatMap((piece) => (piece.href ? [[piece.text, piece.href]] : []))

describe("links in a message", () => {
  it.each([
    ["看https://a.com/b，很好", "https://a.com/b"],
    ["看https://a.com/b很好", "https://a.com/b"],
    ["（https://a.com/b）", "https://a.com/b"],
    ["《https://a.com/b》。", "https://a.com/b"],
    ["https://a.com/b。", "https://a.com/b"],
    ["see https://a.com/b.", "https://a.com/b"],
    ["see (https://a.com/b)", "https://a.com/b"],
    ["https://en.wikipedia.org/wiki/Tea_(drink)", "https://en.wikipedia.org/wiki/Tea_(drink)"],
    ["https://a.com/?q=1&r=%E8%8C%B6#x!", "https://a.com/?q=1&r=%E8%8C%B6#x"],
    ["HTTP://A.com/B", "HTTP://A.com/B"],
    ["http://localhost:8000/1/", "http://localhost:8000/1/"],
    ["http://[::1]:8000/", "http://[::1]:8000/"],
  ])("%s", (text, link) => {
    expect(links(text).map(([shown]) => shown)).toEqual([link])
  })

  it("www stands for https", () => {
    expect(links("去www.example.com看看")).toEqual([["www.example.com", "https://www.example.com/"]])
  })

  it.each([
    "javascript:alert(1)",
    "https://",
    "https://foo",
    "www.",
    "a@www.example.com",
    "ftp://a.com",
    "xhttps://a.com",
    "https://a..b",
  ])("%s is no link", (text) => {
    expect(links(text)).toEqual([])
  })

  it("keeps every character", () => {
    const text = "一https://a.com，二www.b.cn。三"
    expect(
      cutLinks(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text)
  })

  it("does not show a look-alike host as its Han or Cyrillic self", () => {
    expect(links("https://аpple.com")).toEqual([])
    expect(links("https://xn--pple-43d.com/")).toEqual([
      ["https://xn--pple-43d.com/", "https://xn--pple-43d.com/"],
    ])
  })
})
