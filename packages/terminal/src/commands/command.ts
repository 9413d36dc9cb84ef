/** What a command is given by whoever runs it, and nothing of the process besides. */
import type { Tongue } from "../say/language.ts"
import type { Output } from "./output.ts"

export type CommandInput = {
  readonly args: readonly string[]
  /** The folder of the profiles. */
  readonly dataHome: string
  readonly tongue: Tongue
  readonly output: Output
  /** The first line of the input. */
  readLine(): Promise<string>
  /** Text as it is, on the output. */
  write(text: string): Promise<void>
}
export type Command = (input: CommandInput) => Promise<void>
