/** What passes between a page and the worker that hosts the client: plain data for structured cloning. */

import type { CommandResult } from "./port/basic.ts"
import type { CommandArgs, CommandName, ViewArgs, ViewName } from "./port.ts"

/** The part of a MessagePort that is used. */
export type Channel = {
  postMessage(message: unknown): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
}

export type ToClient =
  | {
      readonly t: "subscribe"
      readonly id: number
      readonly view: ViewName
      readonly args: ViewArgs<ViewName>
    }
  | { readonly t: "unsubscribe"; readonly id: number }
  | {
      readonly t: "command"
      readonly id: number
      readonly name: CommandName
      readonly args: CommandArgs<CommandName>
    }
  /** The page goes away: nothing is to be sent to it any more. */
  | { readonly t: "bye" }

export type ToScreen =
  | { readonly t: "value"; readonly id: number; readonly value: unknown }
  | { readonly t: "result"; readonly id: number; readonly result: CommandResult<unknown> }
