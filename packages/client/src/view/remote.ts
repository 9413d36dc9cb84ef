/**
 * A page's side of a channel: the same port as the client's own. The worker behind it may be replaced (it crashed, or the
 * app was updated): `attach` a new channel, and every subscription goes on there. A command whose answer is lost that way
 * is answered `busy`: it may have happened, so it is not repeated. That the next worker is starting is no news for who knew
 * already who is in: the screen would go, and with it what is being typed.
 */
import type { Channel, ToClient, ToScreen } from "./channel.ts"
import type { CommandResult } from "./port/basic.ts"
import type { ClientPort, ViewArgs, ViewName, ViewValue } from "./port.ts"

export type RemoteClient = ClientPort & {
  attach(channel: Channel): void
  /** The page goes away. */
  close(): void
}

type Subscription = {
  readonly view: ViewName
  readonly args: ViewArgs<ViewName>
  readonly listener: (value: never) => void
  /** What it heard last came over this. */
  from?: Channel
}

const starting = (view: ViewName, value: unknown) =>
  view === "session" && (value as ViewValue<"session">).state === "starting"

export function remoteClient(first: Channel): RemoteClient {
  let channel = first
  let next = 1
  const subscriptions = new Map<number, Subscription>()
  const commands = new Map<number, (result: CommandResult<never>) => void>()
  const tell = (message: ToClient) => channel.postMessage(message)

  const listen = (to: Channel) => {
    to.onmessage = ({ data }) => {
      if (to !== channel) return
      const message = data as ToScreen
      if (message.t === "value") {
        const told = subscriptions.get(message.id)
        if (!told || (told.from && told.from !== to && starting(told.view, message.value))) return
        told.from = to
        told.listener(message.value as never)
      } else {
        commands.get(message.id)?.(message.result as CommandResult<never>)
        commands.delete(message.id)
      }
    }
  }
  listen(first)

  return {
    subscribe(view, args, listener) {
      const id = next++
      subscriptions.set(id, { view, args, listener: listener as (value: never) => void })
      tell({ t: "subscribe", id, view, args })
      return () => {
        if (subscriptions.delete(id)) tell({ t: "unsubscribe", id })
      }
    },
    command(name, args) {
      const id = next++
      return new Promise((done) => {
        commands.set(id, done as (result: CommandResult<never>) => void)
        tell({ t: "command", id, name, args })
      })
    },
    attach(other) {
      channel.onmessage = null
      channel = other
      listen(other)
      for (const answer of commands.values()) answer({ ok: false, error: { kind: "busy" } })
      commands.clear()
      for (const [id, { view, args }] of subscriptions) tell({ t: "subscribe", id, view, args })
    },
    close() {
      tell({ t: "bye" })
      subscriptions.clear()
    },
  }
}
