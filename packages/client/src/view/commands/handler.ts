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

/** Handlers that are loaded with the first of these commands. */
export function later<C extends CommandName>(
  names: Readonly<Record<C, 1>>,
  load: () => Promise<Handlers<C>>,
): Handlers<C> {
  const handler =
    <N extends C>(name: N): Handler<N> =>
    async (...given) =>
      (await load())[name](...given)
  return Object.fromEntries(
    Object.keys(names).map((name) => [name, handler(name as C)]),
  ) as unknown as Handlers<C>
}

export const notFound: Result<never, Problem> = err({ kind: "not_found" })
export const done = ok(null)
