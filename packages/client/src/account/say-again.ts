/**
 * A house that was restored to before a device was taken away has lost what that began: the account's generation with its key, the
 * other devices' certificates, and that the device is gone (docs/decisions/46-keys-a-house-has-lost.md). It gets all of it again, as it
 * was, from a device that knows it, with the next proof of the password; each generation by a request of its own, in order.
 *
 * Rejected: the next generation, made anew. It would be another key under the number that this device has sealed with.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Alarms } from "../alarms.ts"
import type { Call } from "../http.ts"
import type { ClientParts } from "../parts.ts"
import type { Problem } from "../problem.ts"
import type { SealedStore } from "../store/sealed.ts"
import { FIRST_LIFE, LIFE } from "./first-life.ts"
import type { Learned } from "./generations.ts"
import type { HouseAnswer } from "./house.ts"
import type { Proved } from "./login.ts"
import type { AccountRecord } from "./records.ts"
import { revoke } from "./revoke.ts"

/** Between two attempts of a request that got no answer. */
const AGAIN_MS = 500
type Store = Pick<SealedStore, "get">

/** Whether the house has proved, since this store began, that it was restored: only then may it have lost a generation. */
export const isRestored = async (store: Store, life = 0): Promise<boolean> => {
  const first = (await store.get<number>(FIRST_LIFE)) ?? Number.POSITIVE_INFINITY
  return Math.max(life, (await store.get<number>(LIFE)) ?? 0) > first
}

/** The house counts fewer generations than this device has keys of. */
export async function tellLost(store: Store, alarms: Pick<Alarms, "raise">): Promise<void> {
  await alarms.raise((await isRestored(store)) ? "keys_lost" : "account_rolled_back")
}

export type SayAgain = {
  readonly proved: Proved
  readonly house: HouseAnswer
  readonly bearer: Call
  /** As this device knows the account: with more keys than `proved`. */
  readonly here: { readonly account: AccountRecord; readonly store: Store }
  /** Of this device, which the house knows. */
  readonly call: Call
}

/**
 * What this device learns by it, and the proof as it would be now. `house_changed`: nothing excuses what the house has less, or it
 * has another key of a generation.
 */
export async function sayAgain(
  { crypto, timers }: Pick<ClientParts, "crypto" | "timers">,
  { house, bearer, here, call, ...given }: SayAgain,
): Promise<Result<{ readonly learned: Learned; readonly proved: Proved }, Problem>> {
  const { amks, lost = [], device: me } = here.account
  let { proved } = given
  const there = proved.account.amks
  const same = there.every(({ key }, at) => sameBytes(key, amks[at]?.key ?? new Uint8Array()))
  if (!same || !(await isRestored(here.store, house.incarnation.incarnation)))
    return err({ kind: "house_changed" })
  let learned: Learned = {}
  const devices = lost.filter((device) => device !== me.device)
  const pause = () => new Promise<void>((done) => void timers(AGAIN_MS, done))
  for (const key of amks.slice(there.length)) {
    const said = await revoke(crypto, { proved, me, house, call, bearer, pause, devices, key })
    if (!said.ok) return said
    learned = { ...said.value, lost, owed: there.length + 1 }
    const { generation } = key
    proved = { ...proved, account: { ...proved.account, generation, amks: amks.slice(0, generation) } }
  }
  return ok({ learned, proved })
}

/** The same for a device that has just been bound by a certificate of the generation that the house counts. */
export async function boundAgain(
  parts: Pick<ClientParts, "crypto" | "timers">,
  given: SayAgain,
  bound: AccountRecord,
): Promise<Result<AccountRecord, Problem>> {
  const said = await sayAgain(parts, given)
  if (!said.ok) return said
  const { certificate = bound.device.certificate, ...learned } = said.value.learned
  const { amks, generation } = given.here.account
  return ok({ ...bound, ...learned, amks, generation, device: { ...bound.device, certificate } })
}
