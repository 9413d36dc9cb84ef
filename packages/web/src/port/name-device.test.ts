import { expect, test } from "vitest"
import { freeName, nameFrom } from "./name-device.ts"

const mozilla = (system: string, rest: string) => `Mozilla/5.0 (${system}) ${rest}`
const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)"

test.each([
  [mozilla("Windows NT 10.0; Win64; x64", `${webkit} Chrome/143.0.0.0 Safari/537.36`), "Chrome · Windows"],
  [mozilla("Windows NT 10.0", `${webkit} Chrome/143.0 Safari/537.36 Edg/143.0`), "Edge · Windows"],
  [
    mozilla("Macintosh; Intel Mac OS X 10_15_7", "AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"),
    "Safari · macOS",
  ],
  [
    mozilla(
      "iPhone; CPU iPhone OS 18_0 like Mac OS X",
      "AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
    ),
    "Safari · iPhone",
  ],
  [mozilla("Linux; Android 15; Pixel 9", `${webkit} Chrome/143.0 Mobile Safari/537.36`), "Chrome · Android"],
  [mozilla("X11; Linux x86_64; rv:140.0", "Gecko/20100101 Firefox/140.0"), "Firefox · Linux"],
  ["something else", ""],
])("%s", (agent, name) => {
  expect(nameFrom(agent)).toBe(name)
})

test("two of one kind are told apart by the day, and on one day by a number", () => {
  const agent = mozilla("Windows NT 10.0", `${webkit} Chrome/143.0 Safari/537.36`)
  const day = new Date(2026, 4, 3, 9).getTime()
  const first = freeName(agent, day, [])
  expect(first).toBe("Chrome · Windows · 2026-05-03")
  expect(freeName(agent, new Date(2026, 4, 4).getTime(), [first])).toBe("Chrome · Windows · 2026-05-04")
  const second = freeName(agent, day, [first])
  expect(second).toBe("Chrome · Windows · 2026-05-03 (2)")
  expect(freeName(agent, day, [first, second])).toBe("Chrome · Windows · 2026-05-03 (3)")
  expect(freeName("something else", day, [])).toBe("")
})
