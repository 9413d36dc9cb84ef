/** What a person decides about whether this is really them (changed.ts). Loaded when somebody decides. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { decodeSafetyCode, type Party, readDigits, sameParty } from "../content/safety-code.ts"
import type { Home } from "../home.ts"
import type { Problem } from "../problem.ts"
import { partiesOf, safetyNumber } from "./changed.ts"

type Parts = Pick<Home, "account" | "answerParts" | "bringBack" | "clock" | "flush" | "people" | "rooms">

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

/** And they come back into the rooms where this person may bring them: until then nothing is sent there either. */
async function goOn(
  { people, clock, bringBack }: Parts,
  { user, uik, username }: Party & { readonly username: string },
) {
  await people.decide(user, uik, clock())
  // The name that they sign now.
  await people.learn(user, { certified: username })
  await bringBack()
}

async function verify(home: Parts, user: Id, on: boolean): Promise<Result<null, Problem>> {
  if (!(await home.people.verify(user, on, home.clock()))) return err({ kind: "not_found" })
  home.flush()
  return ok(null)
}
