/** The client's side of a channel: one client serves any number of pages, each with its own subscriptions. */
import type { Channel, ToClient, ToScreen } from "./channel.ts"
import type { ClientPort } from "./port.ts"

/** Returns how to end it; a page that says `bye` ends it itself. */
export function serve(client: ClientPort, channel: Channel): () => void {
  const subscriptions = new Map<number, () => void>()
  const tell = (message: ToScreen) => channel.postMessage(message)
  const end = () => {
    for (const stop of subscriptions.values()) stop()
    subscriptions.clear()
    channel.onmessage = null
  }
  channel.onmessage = ({ data }) => {
    const message = data as ToClient
    switch (message.t) {
      case "subscribe": {
        const { id, view, args } = message
        subscriptions.get(id)?.()
        subscriptions.set(
          id,
          client.subscribe(view, args as never, (value: unknown) => tell({ t: "value", id, value })),
        )
        break
      }
      case "unsubscribe":
        subscriptions.get(message.id)?.()
        subscriptions.delete(message.id)
        break
      case "command": {
        const { id, name, args } = message
        // `command` answers with a value whatever happens.
        void client.command(name, args as never).then((result) => tell({ t: "result", id, result }))
        break
      }
      case "bye":
        end()
        break
    }
  }
  return end
}
