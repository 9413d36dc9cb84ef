import { expect, it } from "vitest"
import { opener, takeOpen } from "./browser.ts"

it("names the system's own way to open an address, and none where there is no screen", () => {
  const url = "http://127.0.0.1:8000"
  expect(opener("win32", {}, url)).toEqual(["cmd", "/c", "start", "", url])
  expect(opener("darwin", {}, url)).toEqual(["open", url])
  expect(opener("linux", { DISPLAY: ":0" }, url)).toEqual(["xdg-open", url])
  expect(opener("linux", { WAYLAND_DISPLAY: "wayland-0" }, url)).toEqual(["xdg-open", url])
  expect(opener("linux", {}, url)).toBeUndefined()
})

it("takes its own flags out of the others", () => {
  expect(takeOpen(["--port", "0"])).toEqual({ rest: ["--port", "0"] })
  expect(takeOpen(["--open", "--port", "0"])).toEqual({ open: true, rest: ["--port", "0"] })
  expect(takeOpen(["--open", "--no-open"])).toEqual({ open: false, rest: [] })
})
