/** What a person must know of: the house broke a promise (SECURITY R5). Each is kept until it is dismissed. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Changes, topics } from "./changes.ts"
import type { Clock } from "./platform.ts"
import type { SealedStore } from "./store/sealed.ts"
import type { Alarm } from "./view/port/account.ts"

const PREFIX = "alarm/"

/** For who writes into a store that nobody has opened. */
export const alarmWrite = (said: Omit<Alarm, "id">, about?: Id) => {
  const id = `${said.kind}/${said.room ?? ""}${about ? `/${about}` : ""}`
  return { put: PREFIX + id, value: { id, ...said } satisfies Alarm }
}

export type Alarms = Awaited<ReturnType<typeof loadAlarms>>

export async function loadAlarms(store: SealedStore, clock: Clock, changes: Changes) {
  const alarms = new Map<string, Alarm>()
  for (const { value } of await store.range<Alarm>(PREFIX)) alarms.set(value.id, value)
  return {
    all: () => [...alarms.values()].sort((a, b) => a.at - b.at),
    /** Said once per kind, room and person until it is dismissed. */
    async raise(
      kind: Alarm["kind"],
      room?: Alarm["room"],
      about?: { readonly user: Id; readonly name: string },
    ) {
      const who = about ? { who: about.name } : {}
      const write = alarmWrite({ kind, at: clock(), ...(room ? { room } : {}), ...who }, about?.user)
      const alarm = write.value
      if (alarms.has(alarm.id)) return
      alarms.set(alarm.id, alarm)
      changes.emit(topics.connection)
      await store.write([write])
    },
    async dismiss(id: string): Promise<boolean> {
      if (!alarms.delete(id)) return false
      changes.emit(topics.connection)
      await store.write([{ drop: PREFIX + id }])
      return true
    },
  }
}
