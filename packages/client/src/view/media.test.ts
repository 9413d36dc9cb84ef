import { expect, it } from "vitest"
import { isOf } from "./media.ts"
import type { MediaKind } from "./port/files.ts"

const file = (kind?: MediaKind) => ({
  text: "a file",
  body: {
    kind: "file" as const,
    file: { name: "a", type: "", size: 1, ...(kind && { media: { kind, thumb: false } }) },
  },
})
const words = (text: string) => ({ text, body: { kind: "text" as const } })

it("pictures and films stand together, other files and sounds beside them, links apart; voices nowhere", () => {
  const kinds = ["image", "video", "audio", "voice", undefined] as const
  const of = (what: "visual" | "file" | "link") => kinds.filter((kind) => isOf(what, file(kind)))
  expect(of("visual")).toEqual(["image", "video"])
  expect(of("file")).toEqual(["audio", undefined])
  expect(of("link")).toEqual([])
  expect(isOf("link", words("看https://a.com/b，很好"))).toBe(true)
  expect(isOf("link", words("www.example.com"))).toBe(true)
  expect(isOf("link", words("no link at all"))).toBe(false)
})
