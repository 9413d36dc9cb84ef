/**
 * Where the configuration has a retention, what is older goes from the log, room by room, at the start and every six hours. The rule
 * is in writes/retain.ts; here it is only asked which rooms have something old enough, so that a quiet house writes nothing.
 */
import type { Database } from "../db/port.ts"

export type RetentionParts = {
  readonly db: Database
  readonly days: number
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

const DAY_MS = 24 * 3_600_000
const SWEEP_MS = 6 * 3_600_000
const ROOMS = 100

export function createRetention({ db, days, now, onError }: RetentionParts) {
  let stopped = false

  async function* rooms(): AsyncIterable<Uint8Array> {
    for (let after = new Uint8Array(); ; ) {
      const page = await db.read
        .selectFrom("room")
        .select("id")
        .where("id", ">", after)
        .orderBy("id")
        .limit(ROOMS)
        .execute()
      for (const { id } of page) yield id
      const last = page.at(-1)
      if (!last || page.length < ROOMS) return
      after = new Uint8Array(last.id)
    }
  }

  async function isDue(room: Uint8Array, before: number): Promise<boolean> {
    const mark = await db.read
      .selectFrom("room_retained")
      .select("seq")
      .where("room_id", "=", room)
      .executeTakeFirst()
    const next = await db.read
      .selectFrom("entry")
      .select("time")
      .where("room_id", "=", room)
      .where("seq", ">", mark?.seq ?? 0)
      .orderBy("seq")
      .limit(1)
      .executeTakeFirst()
    return next !== undefined && next.time < before
  }

  async function sweep(): Promise<void> {
    const before = now() - days * DAY_MS
    for await (const room of rooms()) {
      if (stopped) return
      if (!(await isDue(room, before))) continue
      for (let more = true; more && !stopped; ) {
        const done = await db.write("room.retain", { room, before })
        if (!done.ok) return
        more = done.value.more
      }
    }
  }

  const run = () => void sweep().catch((error) => stopped || onError(error))
  const timer = setInterval(run, SWEEP_MS)
  timer.unref()
  run()

  return {
    sweep,
    stop() {
      stopped = true
      clearInterval(timer)
    },
  }
}
