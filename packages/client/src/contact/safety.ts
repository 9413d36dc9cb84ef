/**
 * Whether this is really them: the safety number of a friend, and what a person decides about it. The number is of the key
 * that is pinned; where the room of both has another one, that is a changed identity, and nothing is sent until the person
 * has decided (SECURITY R1).
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import {
  decodeSafetyCode,
  encodeSafetyCode,
  type Party,
  readDigits,
  sameParty,
} from "../content/safety-code.ts"
import type { Home } from "../home.ts"
import type { Problem } from "../problem.ts"

type Parts = Pick<Home, "account" | "answerParts" | "clock" | "flush" | "people" | "rooms">

/** Who writes in the private chat with them, where that is not whom we have pinned. */
export function changedIdentity({ people, rooms }: Pick<Home, "people" | "rooms">, user: Id) {
  const pinned = people.pinned(user)
  if (!pinned) return undefined
  for (const actor of rooms.all()) {
    const { meta, group } = actor.state()
    if (meta.kind !== "direct" || meta.peer !== user || meta.standing !== "open") continue
    const leaf = group?.judged.leaves.find((one) => one.user === user)
    if (leaf && !sameBytes(leaf.uik, pinned)) return leaf
  }
  return undefined
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

const differs: Result<never, Problem> = err({ kind: "safety_differs" })

/** `number` is what the person had before their eyes: what has changed since was not compared. */
export async function setVerified(
  home: Parts,
  user: Id,
  on: boolean,
  number: string,
): Promise<Result<null, Problem>> {
  const parties = partiesOf(home, user)
  if (!parties) return err({ kind: "not_found" })
  if (on && parties.changed) return err({ kind: "identity_changed" })
  if (on && number !== safetyNumber(home, parties.me, parties.pinned)) return differs
  return verify(home, user, on)
}

/** The person goes on with whom they meet now. That one is not compared yet. */
export async function acceptIdentity(home: Parts, user: Id, number: string): Promise<Result<null, Problem>> {
  const parties = partiesOf(home, user)
  if (!parties) return err({ kind: "not_found" })
  const { me, pinned, changed } = parties
  if (number !== safetyNumber(home, me, changed ?? pinned)) return differs
  if (changed) await goOn(home, changed)
  home.flush()
  return ok(null)
}

/** What the friend's device shows, scanned or pasted, or the digits. Where it is right, they are verified: also whom we meet anew. */
export async function checkSafetyCode(home: Parts, user: Id, text: string): Promise<Result<null, Problem>> {
  const parties = partiesOf(home, user)
  if (!parties) return err({ kind: "not_found" })
  const { me, pinned, changed } = parties
  const friend = changed ?? pinned
  const code = decodeSafetyCode(text)
  const digits = readDigits(text)
  if (!code && digits === undefined) return err({ kind: "safety_unreadable" })
  if (code?.shows.user === me.user) return err({ kind: "safety_own" })
  const right = code
    ? sameParty(code.shows, friend) && sameParty(code.holds, me)
    : digits === safetyNumber(home, me, friend).replaceAll(" ", "")
  if (!right) return differs
  if (changed) await goOn(home, changed)
  return verify(home, user, true)
}

export const safetyNumber = ({ answerParts }: Pick<Home, "answerParts">, me: Party, friend: Party) =>
  answerParts.crypto.account.safetyNumber(me, friend)

async function goOn(
  { people, clock }: Parts,
  { user, uik, username }: Party & { readonly username: string },
) {
  await people.decide(user, uik, clock())
  // The name that they sign now.
  await people.learn(user, { certified: username })
}

async function verify(home: Parts, user: Id, on: boolean): Promise<Result<null, Problem>> {
  if (!(await home.people.verify(user, on, home.clock()))) return err({ kind: "not_found" })
  home.flush()
  return ok(null)
}
