/**
 * Views as React sees them: one subscription for each (view, arguments), however many components look, kept a little
 * while after the last has gone, so that moving between screens shows the last snapshot at once and never a blank.
 */
import type { ClientPort, ViewArgs, ViewName, ViewValue } from "@teahouse/client/view/port.ts"

/** A timeline remembers where reading began when it was opened, so it is never reused; a search for what is typed no more ends. */
const keepMs = (view: ViewName) => (view === "timeline" || view === "search" ? 0 : 5_000)

type Watched = {
  value: unknown
  readonly listeners: Set<() => void>
  stop: () => void
  timer: ReturnType<typeof setTimeout> | undefined
}

export class ViewCache {
  readonly #port: ClientPort
  readonly #watched = new Map<string, Watched>()

  constructor(port: ClientPort) {
    this.#port = port
  }

  #key = (view: ViewName, args: unknown) => `${view} ${JSON.stringify(args ?? null)}`

  value<V extends ViewName>(view: V, args: ViewArgs<V>): ViewValue<V> | undefined {
    return this.#watched.get(this.#key(view, args))?.value as ViewValue<V> | undefined
  }

  watch<V extends ViewName>(view: V, args: ViewArgs<V>, listener: () => void): () => void {
    const key = this.#key(view, args)
    let watched = this.#watched.get(key)
    if (!watched) {
      const made: Watched = { value: undefined, listeners: new Set(), stop: () => {}, timer: undefined }
      this.#watched.set(key, made)
      made.stop = this.#port.subscribe(view, args, (value) => {
        made.value = value
        for (const each of made.listeners) each()
      })
      watched = made
    }
    const kept = watched
    clearTimeout(kept.timer)
    kept.listeners.add(listener)
    return () => {
      kept.listeners.delete(listener)
      if (kept.listeners.size > 0) return
      clearTimeout(kept.timer)
      kept.timer = setTimeout(() => {
        if (kept.listeners.size > 0) return
        kept.stop()
        this.#watched.delete(key)
      }, keepMs(view))
    }
  }
}
