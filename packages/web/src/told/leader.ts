/**
 * Web Locks as a memory that several tabs share and that forgets a tab the moment it is gone, closed or crashed.
 * UX 26: the tab that holds an account's lock is the one that notifies; which tabs are looked at is read from the locks
 * that they hold meanwhile. Rejected: heartbeats over a channel, which call a frozen tab dead and a dead one alive.
 */
import { type Id, isId } from "@teahouse/protocol/ids.ts"

export type Locks = Pick<LockManager, "request" | "query">

/** `lead` runs once this tab is the one; the result gives it up, or stops waiting for it. */
export function leadTabs(locks: Locks, name: string, lead: () => void): () => void {
  const over = new AbortController()
  locks
    .request(name, { signal: over.signal }, () => {
      if (over.signal.aborted) return
      lead()
      return new Promise<void>((done) => over.signal.addEventListener("abort", () => done()))
    })
    .catch((error: unknown) => {
      if (!over.signal.aborted) throw error
    })
  return () => over.abort()
}

/** True for one caller, and for no other in any tab until `ms` are over. */
export function takeTurn(locks: Locks, name: string, ms: number): Promise<boolean> {
  return new Promise((answer, failed) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        answer(lock !== null)
        return lock === null ? undefined : new Promise<void>((done) => setTimeout(done, ms))
      })
      .catch(failed)
  })
}

const eyes = (slot: number) => `teahouse-eyes-${slot}/`

/** Says which chat is looked at here, until the next word; `undefined`: this tab is not looked at. */
export function createEyes(locks: Locks, slot: number): (at: Id | "page" | undefined) => void {
  let close = () => {}
  return (at) => {
    close()
    close = () => {}
    if (at === undefined) return
    const over = new AbortController()
    close = () => over.abort()
    locks
      .request(
        eyes(slot) + at,
        { mode: "shared", signal: over.signal },
        () => new Promise<void>((done) => over.signal.addEventListener("abort", () => done())),
      )
      .catch((error: unknown) => {
        if (!over.signal.aborted) throw error
      })
  }
}

export async function whoLooks(
  locks: Locks,
  slot: number,
): Promise<{ readonly looking: boolean; readonly open: ReadonlySet<Id> }> {
  const { held = [] } = await locks.query()
  const places = held.flatMap(({ name }) =>
    name?.startsWith(eyes(slot)) ? [name.slice(eyes(slot).length)] : [],
  )
  return { looking: places.length > 0, open: new Set(places.filter(isId)) }
}
