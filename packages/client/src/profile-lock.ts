/**
 * One writer per profile: two processes that both seal with one device's sender state would
 * use one key for two messages. Waits until the profile is free; the answer gives it back.
 */
import { createLock } from "./lock.ts"

export type ProfileLock = (profile: string) => Promise<() => void>

/** Within one process; for tests, and for a profile that lives in memory. */
export function memoryProfileLock(): ProfileLock {
  const locks = new Map<string, ReturnType<typeof createLock>>()
  return (profile) => {
    const lock = locks.get(profile) ?? createLock()
    locks.set(profile, lock)
    return new Promise((held) => void lock(() => new Promise<void>((free) => held(free))))
  }
}

/** The part of the Web Locks API that is used. */
export type LockManager = { request(name: string, task: () => Promise<void>): Promise<unknown> }

export const webProfileLock =
  (locks: LockManager): ProfileLock =>
  (profile) =>
    new Promise((held, failed) => {
      locks
        .request(`teahouse-profile-${profile}`, () => new Promise<void>((free) => held(free)))
        .catch(failed)
    })
