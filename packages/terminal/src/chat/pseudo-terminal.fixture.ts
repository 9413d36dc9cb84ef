/** `teahouse chat` on a pseudo-terminal of its own (`script` of util-linux), read and written as a person reads and writes. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { resolve } from "node:path"
import { expect } from "vitest"
import { need } from "../../../../test/need.ts"
import { findProgram } from "../../../../test/program.ts"
import { createModel, type Model } from "./screen/model.fixture.ts"

export const PROGRAM = resolve(import.meta.dirname, "../../../teahouse/bin/teahouse.mjs")
const SCRIPT = findProgram("script")
/** Whether this machine has what it takes; named among what is missing otherwise. */
export const onTerminal = (): boolean =>
  need("script (util-linux)", process.platform !== "linux" || SCRIPT !== undefined) &&
  process.platform === "linux"

/** What the program finds around it: `folder` is its data and its home. */
export const surroundings = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ...{ TEAHOUSE_DATA_HOME: folder, HOME: folder, LC_ALL: "C.UTF-8", TERM: "xterm-256color", TMUX: undefined },
})

export type Pseudo = {
  readonly model: Model
  /** What a person sees, a line for each row. */
  screen(): string
  /** All that was ever written to it. */
  written(): string
  type(text: string | Uint8Array): void
  sees(text: string | RegExp): Promise<void>
  seesNot(text: string | RegExp): Promise<void>
  resize(columns: number, rows: number): void
  /** Of the program, not of the shell around it. */
  pid(): number
  readonly ended: Promise<void>
}

const firstChild = (of: number) =>
  Number(
    execFileSync("pgrep", ["-P", String(of)], { encoding: "utf8" })
      .trim()
      .split("\n")[0],
  )

export function openPseudo(
  folder: string,
  args: readonly string[],
  size: { readonly columns: number; readonly rows: number } = { columns: 80, rows: 24 },
): Pseudo {
  const words = [process.execPath, PROGRAM, "chat", ...args].map((word) => `'${word}'`).join(" ")
  const inside = `stty rows ${size.rows} cols ${size.columns}; tty; ${words}; echo "ended with $?"; stty -a`
  const child: ChildProcess = spawn(SCRIPT as string, ["-qfec", inside, "/dev/null"], {
    env: surroundings(folder),
    stdio: "pipe",
  })
  const model = createModel(size.columns, size.rows)
  let all = ""
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    all += text
    model.write(text)
  })
  const ended = new Promise<void>((done) => child.on("close", () => done()))
  const screen = () => model.lines().join("\n")
  return {
    model,
    screen,
    written: () => all,
    type: (text) => void child.stdin?.write(text),
    sees: (text) => expect.poll(screen).toMatch(text),
    seesNot: (text) => expect.poll(screen).not.toMatch(text),
    resize(columns, rows) {
      const device = /\/dev\/pts\/\d+/.exec(all)?.[0] as string
      model.resize(columns, rows)
      execFileSync("stty", ["-F", device, "rows", String(rows), "cols", String(columns)])
    },
    pid: () => firstChild(firstChild(child.pid as number)),
    ended,
  }
}
