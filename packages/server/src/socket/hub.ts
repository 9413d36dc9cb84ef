/**
 * Who is connected to this node, for what is addressed to people and not to rooms: hints to read something again, and
 * sessions that have ended. Both go over the bus, because the person may be connected to another node.
 *
 * Sessions are read again from the database at least every `sessionRecheckMs`: whoever takes a session away elsewhere
 * need not reach this node. When they cannot be read, the sockets close: an unknown session is none.
 */
import { hintTopics } from "@teahouse/protocol/down.ts"
import type { ErrorKind } from "@teahouse/protocol/error.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import { encodeDown } from "@teahouse/protocol/wire.ts"
import { type Bus, type BusMessage, HOUSE_TOPIC, type Topic } from "../bus/port.ts"
import type { Database } from "../db/port.ts"
import { wsFrame } from "./frame.ts"

/** A connection that has shown who it is. */
export type Member = {
  readonly session: Id
  readonly user: Id
  readonly device: Id
  readonly write: (frame: Buffer) => void
  /** Says why and closes. */
  readonly fail: (kind: ErrorKind, code: number) => void
}

export type HubParts = {
  readonly db: Database
  readonly bus: Bus
  readonly limits: Pick<Limits, "sessionRecheckMs">
  readonly now: () => number
  readonly onError: (error: unknown) => void
  /** A device has come, where none of it was here. */
  readonly onArrived?: (device: Id) => void
  /** None of a device is here any more. */
  readonly onGone?: (device: Id) => void
}

const CHUNK = 500
const SPREAD_MS = 1_000
/** RFC 6455 section 7.4.1: policy violation; the client signs in again and does not just reconnect. */
const POLICY = 1008
const TRY_AGAIN = 1013

export type Hub = ReturnType<typeof createHub>

export function createHub({ db, bus, limits, now, onError, onArrived, onGone }: HubParts) {
  const users = new Map<Id, Set<Member>>()
  const sessions = new Map<Id, Set<Member>>()
  const devices = new Map<Id, Set<Member>>()
  const stopListening = bus.subscribe(HOUSE_TOPIC, hear)
  const timer = setInterval(() => void recheck(), Math.ceil(limits.sessionRecheckMs * 0.6))
  timer.unref()
  /** While all are told to read again. */
  let again: NodeJS.Timeout | undefined
  let onceMore = false
  let stopped = false

  function hear(message: BusMessage) {
    if (message.kind === "hint") {
      const members = users.get(message.user)
      if (!members) return
      const frame = wsFrame(encodeDown({ t: "hint", topics: [...message.topics] }))
      for (const member of members) if (member.device !== message.except) member.write(frame)
    } else if (message.kind === "sessions_ended") {
      for (const session of message.sessions) end(session, message.why ?? "session_expired", POLICY)
    }
  }

  function end(session: Id, kind: ErrorKind, code: number) {
    for (const member of [...(sessions.get(session) ?? [])]) member.fail(kind, code)
  }

  async function recheck(): Promise<void> {
    const all = [...sessions.keys()]
    for (let at = 0; at < all.length; at += CHUNK) {
      const some = all.slice(at, at + CHUNK)
      let living: Set<Id>
      try {
        living = await livingOf(some)
      } catch (error) {
        onError(error)
        for (const session of some) end(session, "unavailable", TRY_AGAIN)
        continue
      }
      for (const session of some) if (!living.has(session)) end(session, "session_expired", POLICY)
    }
  }

  async function livingOf(some: readonly Id[]): Promise<Set<Id>> {
    const rows = await db.read
      .selectFrom("session")
      .select("id")
      .where("id", "in", some.map(idBytes))
      .where("expires", ">", now())
      .execute()
    return new Set(rows.map((row) => idFrom(row.id)))
  }

  return {
    add(member: Member): void {
      put(users, member.user, member)
      put(sessions, member.session, member)
      if (!devices.has(member.device)) onArrived?.(member.device)
      put(devices, member.device, member)
    },
    remove(member: Member): void {
      take(users, member.user, member)
      take(sessions, member.session, member)
      take(devices, member.device, member)
      if (!devices.has(member.device)) onGone?.(member.device)
    },
    /** Whether this device has a socket here. */
    has: (device: Id): boolean => devices.has(device),
    /** Something for this person's devices to read again. */
    hint(user: Id, topics: readonly Topic[], { except }: { readonly except?: Id } = {}): void {
      bus.publish(HOUSE_TOPIC, { kind: "hint", user, topics, ...(except ? { except } : {}) })
    },
    /** These sessions' rows are gone: their sockets close. */
    endSessions(ended: readonly Id[], why?: "device_revoked"): void {
      bus.publish(HOUSE_TOPIC, { kind: "sessions_ended", sessions: ended, ...(why ? { why } : {}) })
    },
    /** Hints may have been lost: everybody reads everything again, each at a moment of its own within the spread. */
    readAgain(spreadMs = SPREAD_MS): void {
      if (stopped) return
      if (again) {
        // Some have read before what was lost now.
        onceMore = true
        return
      }
      const frame = wsFrame(encodeDown({ t: "hint", topics: [...hintTopics] }))
      const all = [...sessions.values()].flatMap((members) => [...members])
      again = setTimeout(() => {
        again = undefined
        if (onceMore) this.readAgain(spreadMs)
      }, spreadMs).unref()
      onceMore = false
      all.forEach((member, i) => {
        setTimeout(() => member.write(frame), (spreadMs * i) / all.length).unref()
      })
    },
    /** For tests: what the timer does. */
    recheck,
    get size(): number {
      return [...sessions.values()].reduce((sum, members) => sum + members.size, 0)
    },
    stop(): void {
      stopped = true
      clearInterval(timer)
      clearTimeout(again)
      stopListening()
    },
  }
}

function put(map: Map<Id, Set<Member>>, key: Id, member: Member) {
  const members = map.get(key)
  if (members) members.add(member)
  else map.set(key, new Set([member]))
}

function take(map: Map<Id, Set<Member>>, key: Id, member: Member) {
  const members = map.get(key)
  members?.delete(member)
  if (members?.size === 0) map.delete(key)
}
