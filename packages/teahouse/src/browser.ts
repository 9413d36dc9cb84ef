/** Opens the default browser at an address. That it cannot be opened is no failure: the address has been printed. */
import { spawn } from "node:child_process"

type Environment = Readonly<Record<string, string | undefined>>

/** undefined: nobody sits in front of a screen here, and `xdg-open` would open a browser of letters in the terminal. */
export function opener(
  platform: NodeJS.Platform,
  env: Environment,
  url: string,
): readonly [command: string, ...args: string[]] | undefined {
  switch (platform) {
    // The empty word is the window's title; without it `start` would take the address for that.
    case "win32":
      return ["cmd", "/c", "start", "", url]
    case "darwin":
      return ["open", url]
    default:
      return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open", url] : undefined
  }
}

export function openBrowser(url: string): void {
  const [command, ...args] = opener(process.platform, process.env, url) ?? []
  if (command === undefined) return
  const child = spawn(command, args, { stdio: "ignore", detached: process.platform !== "win32" })
  child.on("error", () => {})
  child.unref()
}

/** `--open` and `--no-open` are the program's own; the last one counts. What is left is for the house. */
export function takeOpen(args: readonly string[]): { readonly open?: boolean; readonly rest: string[] } {
  const flags = new Map([
    ["--open", true],
    ["--no-open", false],
  ])
  const open = args.flatMap((arg) => flags.get(arg) ?? []).at(-1)
  const rest = args.filter((arg) => !flags.has(arg))
  return open === undefined ? { rest } : { open, rest }
}
