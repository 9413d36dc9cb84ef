/** Views as they are drawn: whatever a frame asks for is subscribed to, and what the last frames did not ask for is let go. */
import type { ClientPort, ViewArgs, ViewName, ViewValue } from "@teahouse/client/view/port.ts"

type Watched = { value: unknown; frame: number; readonly stop: () => void }

export type Live = {
  /** The newest snapshot; undefined until the first one came. */
  view<V extends ViewName>(view: V, args: ViewArgs<V>): ViewValue<V> | undefined
  /** A frame was drawn. */
  sweep(): void
  stop(): void
}

/** Frames for which a view stays though nobody asks: a page that was left may be come back to. */
const PATIENCE = 3

export function createLive(port: Pick<ClientPort, "subscribe">, onChange: () => void): Live {
  const watched = new Map<string, Watched>()
  let frame = 0
  return {
    view(view, args) {
      const key = `${view} ${JSON.stringify(args ?? null)}`
      const known = watched.get(key)
      if (known) {
        known.frame = frame
        return known.value as never
      }
      const one: Watched = {
        value: undefined,
        frame,
        stop: port.subscribe(view, args, (value) => {
          one.value = value
          onChange()
        }),
      }
      watched.set(key, one)
      return one.value as never
    },
    sweep() {
      for (const [key, { frame: last, stop }] of watched)
        if (last < frame - PATIENCE) {
          stop()
          watched.delete(key)
        }
      frame += 1
    },
    stop() {
      for (const { stop } of watched.values()) stop()
      watched.clear()
    },
  }
}
