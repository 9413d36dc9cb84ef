/**
 * The commands for scripts: JSON lines on the output, sentences on the error stream, an exit code that says how it ended. Nothing of the
 * house is loaded for them.
 */
import { EXIT } from "../say/exit.ts"
import { tongueOf } from "../say/language.ts"
import type { Command, CommandInput } from "./command.ts"
import { firstLine, type Output, PipeClosed, processOutput } from "./output.ts"
import { Stop } from "./stop.ts"

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  chat: async () => (await import("../chat/chat.ts")).chat,
  account: async () => (await import("./account.ts")).account,
  friend: async () => (await import("./friend.ts")).friend,
  bot: async () => (await import("./bot.ts")).bot,
  group: async () => (await import("./group.ts")).group,
  send: async () => (await import("./send.ts")).send,
  tail: async () => (await import("./tail.ts")).tail,
  import: async () => (await import("./import.ts")).importAll,
  export: async () => (await import("./export.ts")).exportAll,
}

/** Runs it and ends the process: with EXIT's codes. */
export async function runCommand(name: string, args: readonly string[], dataHome: string): Promise<void> {
  const tongue = tongueOf(process.env)
  const output = processOutput(tongue)
  process.exit(await outcome(name, { args, dataHome, tongue, output, readLine: firstLine, write }, output))
}

async function outcome(name: string, input: CommandInput, output: Output): Promise<number> {
  try {
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!load) throw new Error(`no command ${name}`)
    await (await load())(input)
    return EXIT.done
  } catch (error) {
    if (error instanceof PipeClosed) {
      output.say({
        zh: "输出的读取方已关闭。未输出的内容下次会再次输出。",
        en: "Whoever read the output has gone. What was not printed is printed next time.",
      })
      return EXIT.pipeClosed
    }
    if (error instanceof Stop) {
      output.say(error.sentence)
      return error.exit
    }
    const { code, name: kind } = error as NodeJS.ErrnoException
    output.say({ zh: `出错了：${code ?? kind}`, en: `Something went wrong: ${code ?? kind}` })
    if (process.env.TEAHOUSE_DEBUG) console.error(error)
    return EXIT.failed
  }
}

const write = (text: string): Promise<void> =>
  new Promise((done, failed) =>
    process.stdout.write(text, (error) => (error ? failed(new PipeClosed()) : done())),
  )
