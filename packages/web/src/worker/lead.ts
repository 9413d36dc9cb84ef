/**
 * The hosting tab's duty: the tab that holds the slot's lock keeps a dedicated worker alive, another one when it dies. When
 * the tab goes its worker goes with it, the lock passes to another tab, and so does this.
 */
import type { Found } from "./line.ts"
import { hallName, type OpenBroadcast } from "./line.ts"

export type HostParts = {
  readonly slot: number
  readonly locks: { request(name: string, task: () => void | Promise<void>): Promise<unknown> }
  readonly open: OpenBroadcast
  /** `alive`: the lock that the worker is to hold for its life. */
  readonly start: (alive: string) => void
  readonly newId: () => string
}

export function hostWhenFirst({ slot, locks, open, start, newId }: HostParts): void {
  const spawn = () => {
    const alive = `teahouse-worker-${newId()}`
    const hall = open(hallName(slot))
    hall.onmessage = ({ data }) => {
      const found = data as Found
      if (found.t !== "hosting" || found.worker !== alive) return
      hall.close()
      // It says so once it holds its lock; from then on the lock is free only when it is dead.
      void locks.request(alive, spawn)
    }
    start(alive)
  }
  void locks.request(`teahouse-host-${slot}`, () => {
    spawn()
    return new Promise<void>(() => {})
  })
}
