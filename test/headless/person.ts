/** A person without a screen: the real client core, on a memory store, against a real house. */
import { type Client, createClient } from "@teahouse/client/client.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { memoryStages } from "@teahouse/client/file/memory-stage.ts"
import type { ClientParts } from "@teahouse/client/parts.ts"
import { systemTimers } from "@teahouse/client/platform.ts"
import { memoryProfileLock } from "@teahouse/client/profile-lock.ts"
import { memoryKeyBox } from "@teahouse/client/store/key-box.ts"
import { memoryStores } from "@teahouse/client/store/memory.ts"
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type {
  CommandArgs,
  CommandName,
  CommandValue,
  ViewArgs,
  ViewName,
  ViewValue,
} from "@teahouse/client/view/port.ts"
import { openWebSocket } from "@teahouse/client/web-socket.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

export const cheap = { memory: 8, iterations: 1, parallelism: 1 }
export const PASSWORD = "a quiet garden with 3 cranes"
const PATIENCE_MS = 20_000

export type Disk = Pick<ClientParts, "stores" | "keyBox" | "lock" | "stages">
export const newDisk = (): Disk => ({
  stores: memoryStores(),
  keyBox: memoryKeyBox(),
  lock: memoryProfileLock(),
  stages: memoryStages(),
})

const crypto = createCrypto(cheap)

/** What a client waits for, so short that a test need not. */
export const hasty = {
  connection: { firstRetryMs: 50, maxRetryMs: 300 },
  pace: {
    ...{ updateAfterMs: 30, admitAfterMs: 60, rejoinMs: 50, rejoinMaxMs: 1_000 },
    ...{ pastAfterMs: 100, suspectMs: 500 },
  },
  safekeeping: { quietMs: 30, longestMs: 300 },
}

export type Person = ReturnType<typeof openPerson>

export function openPerson(
  origin: string,
  disk: Disk = newDisk(),
  { pace, ...more }: Partial<ClientParts> = {},
) {
  const bugs: unknown[] = []
  const client: Client = createClient({
    origin,
    profile: "1",
    ...disk,
    crypto,
    fetch,
    openSocket: openWebSocket,
    clock: Date.now,
    timers: systemTimers,
    jitter: Math.random,
    ...hasty,
    pace: { ...hasty.pace, ...pace },
    readEveryMs: 50,
    // Receipts are entries: who counts entries counts what was asked for.
    receiptEveryMs: 3_600_000,
    onBug: (error) => void bugs.push(error),
    ...more,
  })

  /** The first snapshot for which `holds`; fails with the last one when it does not come. */
  function until<V extends ViewName>(
    view: V,
    args: ViewArgs<V>,
    holds: (value: ViewValue<V>) => boolean,
  ): Promise<ViewValue<V>> {
    return new Promise((done, failed) => {
      let last: unknown
      let stop = () => {}
      const timer = setTimeout(() => {
        stop()
        failed(
          new Error(
            `${view} never became that: ${JSON.stringify(last)}; ${String((bugs[0] as Error)?.stack)}`,
          ),
        )
      }, PATIENCE_MS)
      stop = client.subscribe(view, args, (value) => {
        last = value
        if (!holds(value)) return
        clearTimeout(timer)
        setTimeout(() => stop())
        done(value)
      })
    })
  }

  async function must<C extends CommandName>(name: C, args: CommandArgs<C>): Promise<CommandValue<C>> {
    const result = await client.command(name, args)
    if (!result.ok)
      throw new Error(`${name}: ${result.error.kind}; ${String((bugs[0] as Error)?.stack ?? "")}`)
    return result.value
  }

  const timeline = (room: Id, holds: (items: readonly TimelineItem[]) => boolean) =>
    until("timeline", { room, around: "end", limit: 500 }, (value) => holds(value.items))

  return {
    client,
    bugs,
    until,
    must,
    command: client.command,
    async register(username: string) {
      await must("createAccount", { username, password: PASSWORD })
      await must("confirmRecoveryCode", {})
      await until("connection", undefined, (value) => value.state === "connected")
    },
    async signIn(username: string) {
      await must("signIn", { username, password: PASSWORD })
      await until("connection", undefined, (value) => value.state === "connected")
    },
    async chatWith(name: string): Promise<Id> {
      const list = await until("roomList", undefined, ({ rooms }) =>
        rooms.some((room) => room.kind === "direct" && room.title === name),
      )
      return list.rooms.find((room) => room.kind === "direct" && room.title === name)?.room as Id
    },
    timeline,
    /** Until the house has all of the history that there is here. */
    safe: () => until("safekeeping", undefined, ({ unsafe, used }) => unsafe === 0 && used > 0),
    say: (room: Id, text: string) => must("send", { room, text }),
    /** Waits until exactly these texts, in this order, are there and sent. */
    reads: (room: Id, texts: readonly string[]) =>
      timeline(room, (items) => JSON.stringify(textsOf(items)) === JSON.stringify(texts) && allSent(items)),
  }
}

export const textsOf = (items: readonly TimelineItem[]): string[] =>
  items.flatMap((item) => (item.type === "message" ? [item.text] : []))
export const eventsOf = (items: readonly TimelineItem[]): string[] =>
  items.flatMap((item) => (item.type === "event" ? [item.event.kind] : []))
const allSent = (items: readonly TimelineItem[]) =>
  items.every((item) => item.type !== "message" || item.seq !== undefined)

/** Asks, accepts; both have the chat. */
export async function befriend(
  a: Person,
  aName: string,
  b: Person,
  bName: string,
  bShown = bName,
): Promise<Id> {
  await a.must("requestFriend", { username: bName, line: `hello from ${aName}` })
  const { incoming } = await b.until("contacts", undefined, (value) => value.incoming.length > 0)
  const request = incoming.find((one) => one.from.username === aName)
  if (!request) throw new Error("the request is not from the one who asked")
  await b.must("acceptRequest", { id: request.id })
  const room = await a.chatWith(bShown)
  if ((await b.chatWith(aName)) !== room) throw new Error("two rooms for two friends")
  return room
}

/** Both make an account, and become friends. */
export async function arriveAsFriends(a: Person, aName: string, b: Person, bName: string): Promise<Id> {
  await a.register(aName)
  await b.register(bName)
  return befriend(a, aName, b, bName)
}
