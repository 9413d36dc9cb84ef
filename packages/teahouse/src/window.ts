/** On Windows a double-clicked program's window closes with it: what went wrong has to be readable first. */
import { createInterface } from "node:readline"
import { say } from "./say.ts"

type Ending = {
  readonly platform: NodeJS.Platform
  readonly exitCode?: NodeJS.Process["exitCode"]
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
}

/** Waits for Enter where the program is about to end with a failure, and nobody could read why. */
export async function keepWindow({ platform, exitCode, stdin }: Ending = process): Promise<void> {
  if (platform !== "win32" || !exitCode || !stdin.isTTY) return
  say({ zh: "按回车键关闭窗口。", en: "Press Enter to close this window." })
  const lines = createInterface({ input: stdin })
  await new Promise((done) => lines.once("line", done).once("close", done))
  lines.close()
}
