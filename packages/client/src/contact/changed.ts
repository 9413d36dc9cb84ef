/**
 * Whether this is really them: the safety number of a friend. The number is of the key that is pinned; where the room of both has another
 * one, or the house has them under another one, that is a changed identity, and nothing is sent until the person has decided (SECURITY
 * R1; safety.ts).
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { encodeSafetyCode, type Party } from "../content/safety-code.ts"
import type { Home } from "../home.ts"

/** Who writes in the private chat with them, or as whom the house has them now, where that is not whom we have pinned. */
export function changedIdentity({ people, rooms }: Pick<Home, "people" | "rooms">, user: Id) {
  const pinned = people.pinned(user)
  if (!pinned) return undefined
  for (const actor of rooms.all()) {
    const { meta, group } = actor.state()
    if (meta.kind !== "direct" || meta.peer !== user || meta.standing !== "open") continue
    const leaf = group?.judged.leaves.find((one) => one.user === user)
    // Whom we have left behind is on the way out (returning.ts).
    if (leaf && !sameBytes(leaf.uik, pinned) && !people.isFormer(user, leaf.uik)) return leaf
  }
  return people.offered(user)
}

/** Compared, and still the one who writes here. */
export const isVerified = (home: Pick<Home, "people" | "rooms">, user: Id): boolean =>
  home.people.verifiedSince(user) !== undefined && !changedIdentity(home, user)

/** The two whose number it is: we, whom we have pinned, and whom we meet now where that is somebody else. */
export function partiesOf(home: Pick<Home, "account" | "people" | "rooms">, user: Id) {
  const { account, people } = home
  const uik = people.pinned(user)
  if (!uik || user === account.user) return undefined
  const now = changedIdentity(home, user)
  return {
    me: { user: account.user, uik: account.uik },
    pinned: { user, uik },
    ...(now ? { changed: { user, uik: now.uik, username: now.username } } : {}),
  }
}

export const codeOf = (me: Party, friend: Party): string => encodeSafetyCode({ shows: me, holds: friend })

export const safetyNumber = ({ answerParts }: Pick<Home, "answerParts">, me: Party, friend: Party) =>
  answerParts.crypto.account.safetyNumber(me, friend)
