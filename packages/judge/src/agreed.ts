/** What is left of a room's state when its group cannot be followed: a next generation is held against it (generation.ts). */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { RoomPolicy } from "@teahouse/protocol/policy.ts"
import type { RoomState } from "./state.ts"

/** Somebody on a roster: their identity key, and the highest account generation that any of their leaves has shown. */
export type AgreedPerson = { readonly user: Id; readonly uik: Uint8Array; readonly n: number }

export type Agreed = {
  readonly generation: number
  readonly policy: RoomPolicy
  readonly people: readonly AgreedPerson[]
}

export function agreedOf({
  generation,
  policy,
  leaves,
}: Pick<RoomState, "generation" | "policy" | "leaves">): Agreed {
  const people = new Map<Id, AgreedPerson>()
  for (const { user, uik, n } of leaves) {
    const known = people.get(user)
    if (!known || known.n < n) people.set(user, { user, uik, n })
  }
  return { generation, policy, people: [...people.values()] }
}
