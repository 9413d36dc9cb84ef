/**
 * Virtual time: a queue of events, each some process's. One event runs, then everything that follows from it without waiting
 * (promises), and only then the next: so a run is one row of steps, the same for the same seed. A process that has died has no
 * more events; whatever it was waiting for never comes. Nothing in here looks at the machine's clock.
 */
export type Process = { readonly name: string; alive: boolean }

export type Event = {
  readonly at: number
  readonly order: number
  readonly process: Process
  readonly what: string
  readonly run: () => void
  cancelled: boolean
}

export type Time = ReturnType<typeof createTime>

/** `settle`: resolves once nothing can go on any more without an event. */
export function createTime(start: number, settle: () => Promise<void>) {
  const heap: Event[] = []
  let now = start
  let order = 0
  let steps = 0
  let current: Process = { name: "world", alive: true }
  let digest = 0x811c9dc5
  /** FNV-1a over all steps, to compare two runs by. */
  const count = (text: string) => {
    for (let i = 0; i < text.length; i++) digest = Math.imul(digest ^ text.charCodeAt(i), 0x01000193)
  }

  const before = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function push(event: Event) {
    let at = heap.push(event) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!before(event, heap[above] as Event)) break
      heap[at] = heap[above] as Event
      at = above
    }
    heap[at] = event
  }

  function pop(): Event | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || first === last) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++
      if (!before(heap[child] as Event, last)) break
      heap[at] = heap[child] as Event
      at = child
    }
    heap[at] = last
    return first
  }

  return {
    /** For a trace. */
    onStep: undefined as ((event: Event) => void) | undefined,
    now: () => now,
    get steps() {
      return steps
    },
    get digest() {
      return (digest >>> 0).toString(16).padStart(8, "0")
    },
    /** Whose event is running. */
    get current() {
      return current
    },
    after(ms: number, process: Process, what: string, run: () => void): () => void {
      const at = now + Math.max(0, Number.isFinite(ms) ? ms : 0)
      const event: Event = { at, order: order++, process, what, run, cancelled: false }
      push(event)
      return () => {
        event.cancelled = true
      }
    },
    /** The next event, or undefined where there is none before `until`. */
    async step(until = Number.POSITIVE_INFINITY): Promise<Event | undefined> {
      for (;;) {
        const first = heap[0]
        if (!first || first.at > until) return undefined
        pop()
        if (first.cancelled || !first.process.alive) continue
        now = Math.max(now, first.at)
        steps++
        count(`${first.process.name}:${first.what}@${now}`)
        current = first.process
        this.onStep?.(first)
        first.run()
        await settle()
        return first
      }
    },
    /** Runs outside of any event, as this process; and what follows from it. */
    async as<T>(process: Process, run: () => Promise<T> | T): Promise<T> {
      current = process
      const result = run()
      await settle()
      return result
    },
  }
}
