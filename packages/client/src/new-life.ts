/**
 * The house was restored from a backup (SECURITY R5): the person is told once, and what it has of this account's history is compared
 * with what is here from the beginning, because it may be older than what it once had taken. What becomes of each room is
 * room/life.ts.
 */
import { incarnationToSign } from "@teahouse/protocol/incarnation.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { FIRST_LIFE, LIFE } from "./account/first-life.ts"
import type { HousePin } from "./account/records.ts"
import type { Alarms } from "./alarms.ts"
import type { Call } from "./http.ts"
import type { Safekeeping } from "./safekeeping.ts"
import type { SealedStore } from "./store/sealed.ts"

type LifeParts = {
  readonly store: Pick<SealedStore, "get" | "write">
  readonly house: HousePin
  readonly call: Call
}
export type NewLifeParts = LifeParts & {
  readonly alarms: Pick<Alarms, "raise">
  readonly safe: Pick<Safekeeping, "forget">
}

/** Which life the house says that it is in, signed. */
async function signedLife({ house, call }: LifeParts): Promise<number | "unanswered" | "forged"> {
  const asked = await call("house", {})
  if (!asked.ok) return "unanswered"
  const statement = asked.value.incarnation
  const signed = await verifyEd25519(house.houseKey, statement.signature, incarnationToSign(statement))
  return signed && statement.house === house.house ? statement.incarnation : "forged"
}

const knownLife = async ({ store, house }: LifeParts) => (await store.get<number>(LIFE)) ?? house.incarnation

/**
 * `said`: what the house has greeted with, which is not signed. False: it has not answered, and is to be asked again before
 * anything that it has is compared with what it had. What it says unsigned is nothing to wait for.
 */
export async function heedLife(parts: NewLifeParts, said: number): Promise<boolean> {
  const { store, house, alarms, safe } = parts
  const known = await knownLife(parts)
  if (said <= known) return true
  const life = await signedLife(parts)
  if (life === "unanswered") return false
  if (life === "forged") await alarms.raise("bad_signature")
  if (life === "forged" || life <= known) return true
  const first = (await store.get<number>(FIRST_LIFE)) ?? house.incarnation
  // The second one since this device came is more than a mishap: whoever drops the newest part of a log again and again says this.
  await alarms.raise(known > first ? "restored_again" : "new_incarnation")
  await safe.forget()
  await store.write([{ put: LIFE, value: life }])
  return true
}

/**
 * Whether the house has proved a life that this device has not heeded yet: it may have been restored between its last greeting and
 * an answer. A house that does not say so has no such excuse.
 */
export async function isInNewLife(parts: LifeParts): Promise<boolean> {
  const life = await signedLife(parts)
  return typeof life === "number" && life > (await knownLife(parts))
}
