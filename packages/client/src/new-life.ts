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

export type NewLifeParts = {
  readonly store: SealedStore
  readonly house: HousePin
  readonly call: Call
  readonly alarms: Alarms
  readonly safe: Pick<Safekeeping, "forget">
}

/** `said`: what the house has greeted with, which is not signed. */
export async function heedLife(parts: NewLifeParts, said: number): Promise<void> {
  const { store, house, call, alarms, safe } = parts
  const known = (await store.get<number>(LIFE)) ?? house.incarnation
  if (said <= known) return
  const asked = await call("house", {})
  if (!asked.ok) return
  const statement = asked.value.incarnation
  const signed = await verifyEd25519(house.houseKey, statement.signature, incarnationToSign(statement))
  if (!signed || statement.house !== house.house) return alarms.raise("bad_signature")
  if (statement.incarnation <= known) return
  const first = (await store.get<number>(FIRST_LIFE)) ?? house.incarnation
  // The second one since this device came is more than a mishap: whoever drops the newest part of a log again and again says this.
  await alarms.raise(known > first ? "restored_again" : "new_incarnation")
  await safe.forget()
  await store.write([{ put: LIFE, value: statement.incarnation }])
}
