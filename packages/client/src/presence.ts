/**
 * Typing and being here: off the log, sealed, gone after seconds. Mutual: who does not show it does not see it. Nothing here
 * is stored, repeated or waited for; a lost frame costs a line that appears or goes a moment later.
 */
import type { Down } from "@teahouse/protocol/down.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Up } from "@teahouse/protocol/up.ts"
import { type Changes, topics } from "./changes.ts"
import { decodeEphemeral, type Ephemeral, encodeEphemeral } from "./content/ephemeral.ts"
import type { Crypto } from "./crypto/port.ts"
import type { Clock, Timers } from "./platform.ts"
import type { Rooms } from "./room/rooms.ts"

/** Typing is said again at most this often, and believed for so long (ms). */
const TYPING_EVERY_MS = 3_000
const TYPING_MS = 6_000
const HERE_EVERY_MS = 60_000
const HERE_MS = 90_000
/** Private rooms in which one says to be here, the newest first. */
const HERE_ROOMS = 100

export type PresenceParts = {
  readonly rooms: Rooms
  readonly crypto: Pick<Crypto, "room">
  readonly me: Id
  readonly send: (frame: Up) => boolean
  readonly shown: () => boolean
  readonly clock: Clock
  readonly timers: Timers
  readonly changes: Changes
  readonly onFailure: (error: unknown) => void
}

export type Presence = ReturnType<typeof createPresence>

export function createPresence(parts: PresenceParts) {
  const { rooms, crypto, me, clock, timers, changes } = parts
  /** Until when each person is believed to type in a room, and each is believed to be here. */
  const typing = new Map<Id, Map<Id, number>>()
  const here = new Map<Id, number>()
  const said = new Map<Id, { readonly on: boolean; readonly at: number }>()
  const running = new Set<() => void>()
  /** When one said to be here, in each room. */
  const saidHere = new Map<Id, number>()
  let cancelHere = () => {}

  const say = async (room: Id, what: Omit<Ephemeral, "v">) => {
    const state = rooms.get(room)?.state()
    if (!state?.group || state.meta.standing !== "open") return
    const body = await crypto.room.sealEphemeral(state.group, encodeEphemeral(what))
    parts.send({ t: "ephemeral", room, body })
  }

  const after = (ms: number, run: () => void) => {
    const cancel = timers(ms, () => {
      running.delete(cancel)
      run()
    })
    running.add(cancel)
  }

  const sayHereIn = async (room: Id) => {
    saidHere.set(room, clock())
    await say(room, { kind: "here", on: true })
  }
  const sayHere = async () => {
    cancelHere()
    cancelHere = timers(HERE_EVERY_MS, () => void sayHere().catch(parts.onFailure))
    if (!parts.shown()) return
    const direct = rooms
      .all()
      .map((actor) => actor.state().meta)
      .filter(({ kind, standing }) => kind === "direct" && standing === "open")
      .sort((a, b) => b.at - a.at)
    for (const { room } of direct.slice(0, HERE_ROOMS)) await sayHereIn(room)
  }

  const heardTyping = (room: Id, user: Id, on: boolean) => {
    const people = typing.get(room) ?? new Map<Id, number>()
    typing.set(room, people)
    if (on) {
      people.set(user, clock() + TYPING_MS)
      after(TYPING_MS + 50, () => changes.emit(topics.typing(room)))
    } else people.delete(user)
    changes.emit(topics.typing(room))
  }

  const heardHere = (room: Id, user: Id) => {
    const fresh = (here.get(user) ?? 0) <= clock()
    here.set(user, clock() + HERE_MS)
    after(HERE_MS + 50, () => changes.emit(topics.room(room)))
    if (!fresh) return
    changes.emit(topics.room(room))
    // Who has just come knows of nobody yet.
    if ((saidHere.get(room) ?? 0) < clock() - HERE_EVERY_MS / 2) void sayHereIn(room).catch(parts.onFailure)
  }

  return {
    /** Said at once when it begins or ends, and again now and then while it lasts. */
    async setTyping(room: Id, on: boolean): Promise<void> {
      if (!parts.shown()) return
      const last = said.get(room)
      const lasts = last?.on === true && clock() - last.at < TYPING_MS
      if (on ? lasts && clock() - last.at < TYPING_EVERY_MS : !lasts) return
      said.set(room, { on, at: clock() })
      await say(room, { kind: "typing", on })
    },
    typing: (room: Id): Id[] => {
      if (!parts.shown()) return []
      return [...(typing.get(room) ?? [])].flatMap(([user, until]) => (until > clock() ? [user] : []))
    },
    here: (user: Id): boolean => parts.shown() && (here.get(user) ?? 0) > clock(),
    async onFrame({ room, device, body }: Extract<Down, { t: "ephemeral" }>): Promise<void> {
      const group = rooms.get(room)?.state().group
      const user = group?.judged.leaves.find((leaf) => leaf.device === device)?.user
      if (!group || !user || user === me || !parts.shown()) return
      const opened = await crypto.room.openEphemeral(group, device, body)
      const what = opened.ok ? decodeEphemeral(opened.value) : undefined
      if (what?.kind === "typing") heardTyping(room, user, what.on)
      if (what) heardHere(room, user)
    },
    onReady() {
      said.clear()
      // The subscriptions first: only who hears a room may speak in it.
      after(500, () => void sayHere().catch(parts.onFailure))
    },
    onLost() {
      cancelHere()
      typing.clear()
      here.clear()
      saidHere.clear()
    },
    stop() {
      cancelHere()
      for (const cancel of running) cancel()
    },
  }
}
