/** The program: a subcommand and its arguments. `serve` is the one that is meant when none is named. */
import { clientCommand, clientCommands } from "./client-command.ts"
import { asksForHelp, printHelp } from "./help.ts"
import { fromSource, type Program } from "./program.ts"

type Command = (args: readonly string[], program: Program) => Promise<void>

/** Each is loaded when it is asked for. */
const commands: Readonly<Record<string, Command>> = {
  serve: async (...given) => (await import("./serve.ts")).serve(...given),
  config: async (...given) => (await import("./config.ts")).config(...given),
  doctor: async (...given) => (await import("./doctor.ts")).doctor(...given),
  healthcheck: async (...given) => (await import("./healthcheck.ts")).healthcheck(...given),
  blobs: async (...given) => (await import("./blobs.ts")).blobs(...given),
  db: async (...given) => (await import("./db.ts")).db(...given),
  backup: async (...given) => (await import("./backup.ts")).backup(...given),
  restore: async (args) => (await import("./restore.ts")).restore(args),
  verify: async (args) => (await import("./verify.ts")).verify(args),
  admin: async (...given) => (await import("./admin.ts")).admin(...given),
  ...Object.fromEntries(clientCommands.map((name) => [name, clientCommand(name)])),
}
export const commandNames: readonly string[] = Object.keys(commands)

export async function main(args: readonly string[], program = fromSource): Promise<void> {
  const [first] = args
  const named = first !== undefined && !first.startsWith("-")
  const name = named ? first : "serve"
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (name === "help" || asksForHelp(args)) return printHelp(command && named ? name : undefined)
  if (command) return command(named ? args.slice(1) : args, program)
  console.error(`没有“${name}”这个命令。可用：${commandNames.join("、")}。`)
  console.error(`There is no command “${name}”. Use: ${commandNames.join(", ")}.`)
  process.exitCode = 2
}
