/** The bus of a house with one node: messages stay in memory and are handed over after the publisher has finished. */
import type { Bus, BusMessage, Listener } from "./port.ts"

export function createMemoryBus(onError: (error: unknown) => void = () => {}): Bus {
  const topics = new Map<string, Set<Listener>>()
  let waiting: { readonly topic: string; readonly message: BusMessage }[] = []

  function deliver() {
    const now = waiting
    waiting = []
    for (const { topic, message } of now) {
      for (const listener of [...(topics.get(topic) ?? [])]) {
        try {
          listener(message)
        } catch (error) {
          onError(error)
        }
      }
    }
  }

  return {
    publish(topic, message) {
      if (!topics.has(topic)) return
      if (waiting.length === 0) queueMicrotask(deliver)
      waiting.push({ topic, message })
    },
    subscribe(topic, listener) {
      const listeners = topics.get(topic) ?? new Set()
      topics.set(topic, listeners)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      }
    },
    connected: true,
    onGap: () => () => {},
    async close() {
      topics.clear()
    },
  }
}
