/** What has changed, by name: views listen, the core tells them after it has stored (persist, then tell). */
export type Changes = {
  emit(...topics: readonly string[]): void
  on(topics: readonly string[], run: () => void): () => void
}

export function createChanges(): Changes {
  const listeners = new Map<string, Set<() => void>>()
  return {
    emit(...topics) {
      const due = new Set<() => void>()
      for (const topic of topics) for (const run of listeners.get(topic) ?? []) due.add(run)
      for (const run of due) run()
    },
    on(topics, run) {
      for (const topic of topics) {
        const set = listeners.get(topic) ?? new Set()
        set.add(run)
        listeners.set(topic, set)
      }
      return () => {
        for (const topic of topics) {
          const set = listeners.get(topic)
          set?.delete(run)
          if (set?.size === 0) listeners.delete(topic)
        }
      }
    },
  }
}

export const topics = {
  session: "session",
  connection: "connection",
  contacts: "contacts",
  rooms: "rooms",
  settings: "settings",
  devices: "devices",
  transfers: "transfers",
  files: "files",
  joins: "joins",
  room: (room: string) => `room/${room}`,
  favourites: "favourites",
  stickers: "stickers",
  safekeeping: "safekeeping",
  typing: (room: string) => `typing/${room}`,
  draft: (room: string) => `draft/${room}`,
} as const
