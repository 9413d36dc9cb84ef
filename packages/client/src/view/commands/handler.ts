/** What a command is to the core: the signed-in account's parts and the arguments in, a value or a reason out. */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Changes } from "../../changes.ts"
import type { Home } from "../../home.ts"
import type { Problem } from "../../problem.ts"
import type { CommandArgs, CommandName, CommandValue } from "../port.ts"

export type Handler<C extends CommandName> = (
  home: Home,
  args: CommandArgs<C>,
  changes: Changes,
) => Promise<Result<CommandValue<C>, Problem>>

export type Handlers<C extends CommandName> = { readonly [N in C]: Handler<N> }

export const notFound: Result<never, Problem> = err({ kind: "not_found" })
export const done = ok(null)
