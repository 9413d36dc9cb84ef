/** The program: a subcommand and its arguments. `serve` is the one that is meant when none is named. */
import { serve } from "./serve.ts"

const commands: Record<string, (args: readonly string[]) => Promise<void>> = { serve }

export async function main(args: readonly string[]): Promise<void> {
  const [first] = args
  const named = first !== undefined && !first.startsWith("-")
  const name = named ? first : "serve"
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command(named ? args.slice(1) : args)
  console.error(`没有“${name}”这个命令。可用：${Object.keys(commands).join("、")}。`)
  console.error(`There is no command “${name}”. Use: ${Object.keys(commands).join(", ")}.`)
  process.exitCode = 2
}
