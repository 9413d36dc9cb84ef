/**
 * A program that takes part in chats: `startBot` on a client (docs/bots.md). It is a member like others, with keys of its own;
 * it hears the rooms that its owner has brought it into, and no other.
 *
 * Every message of somebody else is given to `heard` once, in each room in the order of the log, also what came while the program
 * was not running: a message counts as read when its handler has ended, and what was read is kept with the account. A program that is
 * killed while a handler runs is given that message again. A handler that throws is told to `onError`, and the bot goes on.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Client } from "../client.ts"
import type { CommandError, CommandResult, Person } from "../view/port/basic.ts"
import type { MessageItem } from "../view/port/messages.ts"
import type { RoomItem } from "../view/port/rooms.ts"
import type { ViewArgs, ViewName, ViewValue } from "../view/port.ts"
import { decodeBotToken, passwordOf } from "./token.ts"

export type BotMessage = {
  readonly room: Id
  /** Who said it. `bot` is true for other bots: who answers those may never stop. */
  readonly from: Person
  readonly text: string
  /** Everything else about it: files, quotes, mentions, its position. */
  readonly item: MessageItem
  /** Says something in the same room. */
  reply(text: string): Promise<CommandResult<unknown>>
}

export type BotOptions = {
  /** What the owner's app gave, as it is. It is needed at every start: the bot's password is made of it. */
  readonly token: string
  /** The bot's name, chosen at its first start. */
  readonly username: string
  readonly heard?: (message: BotMessage) => unknown
  readonly onError?: (error: unknown) => void
}

export type Bot = {
  readonly user: Id
  /** Rooms that the bot is in, the one with itself excepted. */
  rooms(): readonly RoomItem[]
  /** Durable when it returns: without a line it goes out when there is one. */
  send(room: Id, text: string): Promise<CommandResult<unknown>>
  /** Everything else that a client can do. */
  readonly client: Client
  /** Hears nothing more; ends when the handlers that run have ended. The client goes on until it is stopped itself. */
  stop(): Promise<void>
}

/** Messages of one chat that are looked at together. */
const WINDOW = 200
const REMEMBERED = 10_000

/** Signs up at the first start, signs in where it must, and listens. Errors: those of signing up and in; `invalid_bot_token`. */
export async function startBot(client: Client, options: BotOptions): Promise<Result<Bot, CommandError>> {
  const token = decodeBotToken(options.token)
  if (!token) return err({ kind: "invalid_bot_token" })
  const { username, heard, onError = () => {} } = options
  const entered = await enter(client, username, passwordOf(token), token.admission)
  if (!entered.ok) return entered

  let rooms: readonly RoomItem[] = []
  let stopped = false
  const reading = new Map<Id, Promise<void>>()
  const stops: (() => void)[] = []
  /** By room and key, which a restored house does not give again; the newest ones. */
  const handled = new Set<string>()
  const remember = (name: string) => {
    handled.add(name)
    for (const oldest of handled) {
      if (handled.size <= REMEMBERED) break
      handled.delete(oldest)
    }
  }

  /** Of each room one at a time; whatever comes meanwhile is read afterwards. */
  const read = (room: Id) => {
    const next = (reading.get(room) ?? Promise.resolve()).then(() => readRoom(room)).catch(onError)
    reading.set(room, next)
  }
  const readRoom = async (room: Id): Promise<void> => {
    for (;;) {
      if (stopped) return
      const { items, unreadFrom } = await first(client, "timeline", { room, around: "unread", limit: WINDOW })
      // Never twice in one run, even where what was read could not be kept.
      const news = items.filter(
        (item): item is MessageItem & { seq: number } =>
          item.type === "message" &&
          item.seq !== undefined &&
          item.seq >= (unreadFrom ?? Number.POSITIVE_INFINITY) &&
          !handled.has(`${room}/${item.key}`),
      )
      if (news.length === 0) return
      for (const item of news) {
        if (stopped) return
        if (!item.mine) await hear(room, item)
        remember(`${room}/${item.key}`)
        await client.command("markRead", { room, seq: item.seq })
      }
    }
  }
  const hear = async (room: Id, item: MessageItem) => {
    const reply = (text: string) => client.command("send", { room, text })
    try {
      await heard?.({ room, from: item.from, text: item.text, item, reply })
    } catch (error) {
      onError(error)
    }
  }

  stops.push(
    client.subscribe("roomList", undefined, (list) => {
      rooms = list.rooms.filter((room) => room.kind !== "self")
      for (const { room, unread } of rooms) if (unread > 0 && !stopped) read(room)
    }),
    // The house lets nobody else ask; that it is the owner is looked at here all the same.
    client.subscribe("contacts", undefined, ({ incoming }) => {
      for (const { id, from } of incoming)
        if (from.user === token.owner && !stopped) void client.command("acceptRequest", { id }).catch(onError)
    }),
  )
  return ok({
    user: entered.value,
    rooms: () => rooms,
    send: (room, text) => client.command("send", { room, text }),
    client,
    async stop() {
      stopped = true
      for (const stop of stops) stop()
      await Promise.all(reading.values())
    },
  })
}

async function enter(
  client: Client,
  username: string,
  password: string,
  bot: Uint8Array,
): Promise<Result<Id, CommandError>> {
  const before = await until(client, "session", undefined, ({ state }) => state !== "starting")
  if (before.state === "signed_out") {
    const made = await client.command("createAccount", { username, password, bot })
    // The token is used up or the name is there: this bot was made before, perhaps in a profile that is gone.
    const again =
      !made.ok && (made.error.kind === "invalid_bot_token" || made.error.kind === "username_taken")
    if (!made.ok && !again) return made
    if (again) {
      const signedIn = await client.command("signIn", { username, password })
      if (!signedIn.ok) return signedIn.error.kind === "wrong_credentials" ? made : signedIn
    }
  }
  const session = await until(client, "session", undefined, ({ state }) => state !== "starting")
  // The owner has the password for as long as the token is kept; nobody would write down a code.
  if (session.state === "unconfirmed") {
    const confirmed = await client.command("confirmRecoveryCode", {})
    if (!confirmed.ok) return confirmed
  }
  const ready = await until(client, "session", undefined, ({ state }) => state !== "unconfirmed")
  return ready.state === "signed_in" ? ok(ready.user) : err({ kind: "signed_out" })
}

const first = <V extends ViewName>(client: Client, view: V, args: ViewArgs<V>): Promise<ViewValue<V>> =>
  until(client, view, args, () => true)

function until<V extends ViewName>(
  client: Client,
  view: V,
  args: ViewArgs<V>,
  holds: (value: ViewValue<V>) => boolean,
): Promise<ViewValue<V>> {
  return new Promise((done) => {
    const stop = client.subscribe(view, args, (value) => {
      if (!holds(value)) return
      queueMicrotask(() => stop())
      done(value)
    })
  })
}
