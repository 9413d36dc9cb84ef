/** What every page of the chat is given, and what it is. */
import type {
  ClientPort,
  CommandArgs,
  CommandName,
  CommandValue,
  ViewValue,
} from "@teahouse/client/view/port.ts"
import type { TimeStyle } from "@teahouse/client/words/time.ts"
import type { Damage } from "../../profile/damage-note.ts"
import type { Tongue } from "../../say/language.ts"
import type { Input } from "../input/decode.ts"
import type { Able } from "../picture/able.ts"
import type { Surface } from "../screen/surface.ts"
import type { Live } from "./live.ts"
import type { Words } from "./words.ts"

/** The chat that is open. */
export type Here = Extract<ViewValue<"room">, { state: "here" }>

export type Page = {
  /** Draws all of the surface, its cursor too. */
  draw(surface: Surface): void
  /** Whether it had a use for it. */
  input(input: Input): boolean
}

export type Shell = {
  readonly port: ClientPort
  readonly live: Live
  readonly words: Words
  readonly tongue: Tongue
  readonly style: TimeStyle
  readonly profile: string
  readonly server: string
  /** What of the profile could not be read, as long as nobody has signed in since. */
  damaged(): Damage | undefined
  now(): number
  able(): Able
  /** Whether the terminal has the focus, as far as it says. */
  looking(): boolean
  redraw(): void
  open(page: Page): void
  close(page: Page): void
  /** A sentence in the last line, for a while. */
  say(sentence: string, bad?: boolean): void
  /** Undefined where it was refused; the reason was said. */
  ask<C extends CommandName>(name: C, args: CommandArgs<C>): Promise<CommandValue<C> | undefined>
  /** For what is waited for by nobody: a fault in it is a fault of the program. */
  run(work: () => Promise<void>): void
  quit(): void
}
