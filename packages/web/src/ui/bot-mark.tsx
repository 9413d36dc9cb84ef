import type { Person } from "@teahouse/client/view/port/basic.ts"
import { useText } from "../text/use-text.ts"

/** Beside the name of a program. */
export function BotMark({ of }: { readonly of: Pick<Person, "bot"> }) {
  const text = useText()
  return of.bot ? (
    <span className="ms-1.5 inline-block rounded-full bg-wash px-2 text-xs text-accent">{text.bot}</span>
  ) : null
}
