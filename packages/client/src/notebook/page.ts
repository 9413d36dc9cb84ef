import type * as z from "zod/mini"

/** A kind of record of the notebook: its form, and what two concurrent changes become. */
export type Page<T> = {
  readonly schema: z.ZodMiniType<T>
  readonly merge: (mine: T, theirs: T) => T
}
