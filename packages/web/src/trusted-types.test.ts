import { describe, expect, it } from "vitest"
import { allowedScript } from "./trusted-types.ts"

const base = "https://tea.example"

describe("the policy lets through", () => {
  it.each(["/sw.js", "/assets/account-worker-Ab_1-x.js", "https://tea.example/assets/a.js"])("%s", (url) => {
    expect(allowedScript(url, base)).toBe(new URL(url, base).href)
  })
  it.each([
    "https://evil.example/assets/a.js",
    "//evil.example/sw.js",
    "/assets/../upload/a.js",
    "/assets/a.js?x=1",
    "/blobs/a.js",
    "data:text/javascript,1",
    "blob:https://tea.example/1",
    "javascript:1",
  ])("not %s", (url) => {
    expect(() => allowedScript(url, base)).toThrow(TypeError)
  })
})
