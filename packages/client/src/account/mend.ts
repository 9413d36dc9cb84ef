/**
 * A store of which some records cannot be read any more. They are taken out, and what was in them comes again: the client goes on
 * from a store without a record as from a new one, for that record (test/headless/damage.serial.test.ts deletes each table). What
 * was kept of chats is compared with the house from the beginning. Rejected: a new store after each fault, for which the person has
 * to give the password; that is for a store whose account or key is lost.
 */
import { alarmWrite } from "../alarms.ts"
import { NOTEBOOK, NOTEBOOK_CURSOR } from "../notebook.ts"
import type { Clock } from "../platform.ts"
import { roomInOutbox } from "../room/records.ts"
import { SAFEKEEPING } from "../safekeeping.ts"
import { type SealedStore, type SealedWrite, StoreDamaged } from "../store/sealed.ts"
import { ACCOUNT } from "./records.ts"
import { STORE_KEY } from "./unlock.ts"

async function damagedIn(store: SealedStore): Promise<string[]> {
  const damaged: string[] = []
  // One at a time: a store may be larger than the memory.
  for (const key of await store.keys("")) {
    if (key === STORE_KEY) continue
    try {
      await store.get(key)
    } catch (error) {
      if (!(error instanceof StoreDamaged)) throw error
      damaged.push(key)
    }
  }
  return damaged
}

/** False: what the account itself needs cannot be read, or not even which records there are. */
export async function mendStore(store: SealedStore, clock: Clock): Promise<boolean> {
  try {
    return await mendRecords(store, clock)
  } catch (error) {
    if (error instanceof StoreDamaged) return false
    throw error
  }
}

async function mendRecords(store: SealedStore, clock: Clock): Promise<boolean> {
  const damaged = await damagedIn(store)
  if (damaged.includes(ACCOUNT)) return false
  if (damaged.length === 0) return true
  const writes: SealedWrite[] = damaged.map((drop) => ({ drop }))
  // Nobody else has what was not sent: that much the person has to know.
  for (const key of damaged) {
    const room = roomInOutbox(key)
    if (room) writes.push(alarmWrite({ kind: "unsent_damaged", room, at: clock() }))
  }
  // The house says of each record only what is new: now it is asked for all of them.
  if (damaged.some((key) => key.startsWith(NOTEBOOK))) writes.push({ drop: NOTEBOOK_CURSOR })
  await store.write([...writes, ...SAFEKEEPING.map((dropPrefix) => ({ dropPrefix }))], "strict")
  return true
}
