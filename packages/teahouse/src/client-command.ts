/** Commands of the terminal client: loaded late, so that a house has nothing of it in memory, and they nothing of the house. */
import { homedir } from "node:os"
import { ownFolder } from "./own-folder.ts"

export const clientCommands = [
  "chat",
  "account",
  "friend",
  "bot",
  "group",
  "send",
  "tail",
  "import",
  "export",
] as const

/** Profiles lie in the person's own folder, however the program was delivered; TEAHOUSE_DATA_HOME names another. */
export const dataHome = (): string =>
  process.env.TEAHOUSE_DATA_HOME || ownFolder(process.platform, process.env, homedir())

export const clientCommand = (name: string) => async (args: readonly string[]) => {
  const { runCommand } = await import("@teahouse/terminal/commands/run.ts")
  await runCommand(name, args, dataHome())
}
