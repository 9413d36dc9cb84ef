/** What view models are made of. A view is computed from the core's state whenever one of its topics changes. */
import type { Changes } from "../changes.ts"
import type { Home } from "../home.ts"
import type { ViewArgs, ViewName, ViewValue } from "./port.ts"

export type ViewContext = {
  readonly session: () => ViewValue<"session">
  /** Undefined while nobody is signed in. */
  readonly home: () => Home | undefined
  readonly changes: Changes
}

/** Made anew for each subscription and each sign-in: it may remember how it was opened. */
export type ViewModel<V extends ViewName> = {
  readonly topics: readonly string[]
  readonly compute: () => Promise<ViewValue<V>>
  /** Nobody looks any more. */
  readonly dispose?: () => void
}
export type MakeView<V extends ViewName> = (context: ViewContext, args: ViewArgs<V>) => ViewModel<V>
