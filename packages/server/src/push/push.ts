/**
 * Wakes devices that are not connected when something was said in one of their rooms. Off the way of a message: the log
 * only names the room, and rooms are looked at a moment later, all at once; a house without subscriptions does nothing.
 *
 * A device is woken at most once a minute, and what comes within that minute once at its end, if it is still away. What is
 * sent says nothing: not from whom, not what, not which room.
 */
import { fromUtf8, utf8 } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { type Bus, HOUSE_TOPIC } from "../bus/port.ts"
import type { Database } from "../db/port.ts"
import { membership } from "../room/log.ts"
import { checkEndpoint } from "./endpoint.ts"
import type { Knock } from "./knock.ts"

export type PushParts = {
  readonly db: Database
  readonly knock: Knock
  /** Whether this device has a socket here. */
  readonly connected: (device: Id) => boolean
  /** The other nodes, where there are some: they may have the device's socket, or have woken it already. */
  readonly others?: {
    readonly bus: Bus
    readonly elsewhere: (devices: readonly Id[]) => Promise<ReadonlySet<Id>>
  }
  readonly now: () => number
  readonly onError: (error: unknown) => void
  readonly trusted: readonly string[]
  /** ms between two of one device, and until rooms are looked at. */
  readonly everyMs?: number
  readonly gatherMs?: number
}

type Subscription = { readonly device: Id; readonly endpoint: string }
type Turn = { next: number; timer?: NodeJS.Timeout }

const EVERY_MS = 60_000
const GATHER_MS = 500
const MAX_TURNS = 50_000
const none: ReadonlySet<Id> = new Set()

export type Push = ReturnType<typeof createPush>

export function createPush({
  db,
  knock,
  connected,
  now,
  onError,
  trusted,
  others,
  everyMs = EVERY_MS,
  gatherMs = GATHER_MS,
}: PushParts) {
  /** Rooms with news, and by which devices. */
  let rooms = new Map<Id, Set<Id>>()
  let timer: NodeJS.Timeout | undefined
  /** Whether anybody has subscribed, and when that was asked. */
  let any: boolean | undefined
  let asked = 0
  let stopped = false
  const turns = new Map<Id, Turn>()

  async function gather(): Promise<void> {
    timer = undefined
    const these = rooms
    rooms = new Map()
    if (any === false) any = undefined
    asked = now()
    any ??=
      (await db.read.selectFrom("push_subscription").select("device_id").limit(1).executeTakeFirst()) !==
      undefined
    if (!any) return
    const wanted = new Map<Id, Subscription>()
    for (const [room, by] of these)
      for (const one of await subscribersOf(room, by)) wanted.set(one.device, one)
    await wake([...wanted.values()])
  }

  /** Whoever said it is there, and so is whatever else that person uses. */
  async function subscribersOf(room: Id, by: ReadonlySet<Id>): Promise<Subscription[]> {
    const authors = db.read
      .selectFrom("room_device")
      .select("user_id")
      .where("room_id", "=", idBytes(room))
      .where("device_id", "in", [...by].map(idBytes))
    let query = db.read
      .selectFrom("push_subscription")
      .innerJoin("room_device", "room_device.device_id", "push_subscription.device_id")
      .select(["push_subscription.device_id", "push_subscription.endpoint"])
      .where("room_device.room_id", "=", idBytes(room))
      .where("room_device.member", "!=", membership.gone)
      // A device that was signed out is not told anything.
      .where(
        "push_subscription.device_id",
        "in",
        (sub) => sub.selectFrom("session").select("session.device_id").where("expires", ">", now()) as never,
      )
    if (by.size === 1) query = query.where("push_subscription.user_id", "not in", authors)
    const rows = await query.execute()
    return rows.map((row) => ({ device: idFrom(row.device_id), endpoint: fromUtf8(row.endpoint) }))
  }

  async function wake(these: readonly Subscription[]): Promise<void> {
    const away = these.filter(({ device }) => !connected(device))
    const elsewhere = others && away.length > 0 ? await others.elsewhere(away.map((one) => one.device)) : none
    for (const one of away) if (!elsewhere.has(one.device)) inTurn(one)
  }

  const turnOf = (device: Id): Turn => {
    if (turns.size > MAX_TURNS) turns.clear()
    const turn: Turn = turns.get(device) ?? { next: 0 }
    turns.set(device, turn)
    return turn
  }

  function inTurn(one: Subscription): void {
    if (stopped) return
    const turn = turnOf(one.device)
    const wait = turn.next - now()
    if (wait > 0) {
      turn.timer ??= later(Math.min(wait, everyMs), () => {
        delete turn.timer
        wake([one]).catch(onError)
      })
      return
    }
    turn.next = now() + everyMs
    others?.bus.publish(HOUSE_TOPIC, { kind: "woken", devices: [one.device] })
    void send(one, turn).catch(onError)
  }

  async function send({ device, endpoint }: Subscription, turn: Turn): Promise<void> {
    const asked = now()
    const url = checkEndpoint(endpoint, trusted)
    const answer = url ? await knock(url) : ({ kind: "gone" } as const)
    if (answer.kind === "gone")
      await db.write("push.end", { device: idBytes(device), endpoint: utf8(endpoint) })
    if (answer.kind === "later") turn.next = asked + Math.max(everyMs, answer.ms ?? 0)
  }

  function later(ms: number, run: () => void): NodeJS.Timeout {
    const handle = setTimeout(run, ms)
    handle.unref()
    return handle
  }

  function arrivedAnywhere(device: Id): void {
    const turn = turns.get(device)
    clearTimeout(turn?.timer)
    turns.delete(device)
  }

  const stopListening = others?.bus.subscribe(HOUSE_TOPIC, (message) => {
    if (message.kind === "arrived") arrivedAnywhere(message.device)
    else if (message.kind === "push_subscribed") any = true
    else if (message.kind === "woken")
      for (const device of message.devices) {
        const turn = turnOf(device)
        turn.next = Math.max(turn.next, now() + everyMs)
      }
  })

  return {
    /** After it is durable. Costs the caller nothing but a look at a map. */
    said(room: Id, by: Id): void {
      // At another node somebody may have subscribed, and it was not heard.
      const known = any === false && !(others && now() - asked >= everyMs)
      if (known || stopped) return
      const authors = rooms.get(room)
      if (authors) authors.add(by)
      else rooms.set(room, new Set([by]))
      timer ??= later(gatherMs, () => void gather().catch(onError))
    },
    subscribed(): void {
      any = true
      others?.bus.publish(HOUSE_TOPIC, { kind: "push_subscribed" })
    },
    /** Whoever is here again is woken at once the next time they are away. */
    arrived(device: Id): void {
      arrivedAnywhere(device)
      others?.bus.publish(HOUSE_TOPIC, { kind: "arrived", device })
    },
    stop(): void {
      stopped = true
      stopListening?.()
      clearTimeout(timer)
      for (const { timer } of turns.values()) clearTimeout(timer)
    },
  }
}
