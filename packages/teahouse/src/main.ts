/** The program: a subcommand and its arguments. `serve` is the one that is meant when none is named. */
import { backup } from "./backup.ts"
import { config } from "./config.ts"
import { db } from "./db.ts"
import { fromSource, type Program } from "./program.ts"
import { restore } from "./restore.ts"
import { serve } from "./serve.ts"
import { verify } from "./verify.ts"

const commands: Record<string, (args: readonly string[], program: Program) => Promise<void>> = {
  serve,
  config,
  db,
  backup,
  restore,
  verify,
}

export async function main(args: readonly string[], program = fromSource): Promise<void> {
  const [first] = args
  const named = first !== undefined && !first.startsWith("-")
  const name = named ? first : "serve"
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command(named ? args.slice(1) : args, program)
  console.error(`没有“${name}”这个命令。可用：${Object.keys(commands).join("、")}。`)
  console.error(`There is no command “${name}”. Use: ${Object.keys(commands).join(", ")}.`)
  process.exitCode = 2
}
