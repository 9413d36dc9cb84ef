import { expect, it } from "vitest"
import { ownFolder } from "./own-folder.ts"

it.each([
  ["win32", { LOCALAPPDATA: "D:\\Li Lei\\Local" }, "C:\\Users\\lilei", "D:\\Li Lei\\Local\\Teahouse"],
  ["win32", {}, "C:\\Users\\lilei", "C:\\Users\\lilei\\AppData\\Local\\Teahouse"],
  ["darwin", { XDG_DATA_HOME: "/x" }, "/Users/mei", "/Users/mei/Library/Application Support/Teahouse"],
  ["linux", {}, "/h/mei", "/h/mei/.local/share/teahouse"],
  ["linux", { XDG_DATA_HOME: "/x" }, "/h/mei", "/x/teahouse"],
  ["linux", { XDG_DATA_HOME: "x" }, "/h/mei", "/h/mei/.local/share/teahouse"],
] as const)("%s %o: %s keeps in %s", (platform, env, home, folder) => {
  expect(ownFolder(platform, env, home)).toBe(folder)
})
