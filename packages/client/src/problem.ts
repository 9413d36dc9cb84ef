/** Why something asked for did not happen: a refusal of the house, no connection, or a reason of the client's own. */
import type { CommandError } from "./view/port/basic.ts"

export type Problem = {
  readonly kind: CommandError["kind"]
  readonly retryAfterMs?: number | undefined
  readonly detail?: Readonly<Record<string, string | number>> | undefined
}

/** As screens get it. */
export const commandError = ({ kind, retryAfterMs }: Problem): CommandError =>
  retryAfterMs === undefined ? { kind } : { kind, retryAfterMs }
