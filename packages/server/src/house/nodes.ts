/**
 * The other nodes of this house, as far as they can be heard: each gives a sign of life every few seconds. Rooms need none of
 * this, because their log is looked at anyway (room/subscription.ts). But what is addressed to people is said once, over the bus, and
 * whoever might have missed it reads everything again: when a node falls silent (it may have written and not said so), and
 * from time to time for as long as this node is cut off.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Bus, type BusMessage, HOUSE_TOPIC } from "../bus/port.ts"

export type NodesParts = {
  readonly bus: Bus
  /** This node, for as long as it runs. */
  readonly node: Id
  readonly now: () => number
  /** Something may have been missed. */
  readonly onGap: () => void
  /** Between two signs of life; after so long without one, a node is gone; how often all is read again while cut off (ms). */
  readonly everyMs?: number
  readonly goneMs?: number
  readonly againMs?: number
}

const EVERY_MS = 3_000
const GONE_MS = 10_000
const AGAIN_MS = 20_000

export function createNodes({
  bus,
  node,
  now,
  onGap,
  everyMs = EVERY_MS,
  goneMs = GONE_MS,
  againMs = AGAIN_MS,
}: NodesParts) {
  /** When each was heard last. */
  const others = new Map<Id, number>()
  let told = now()

  function hear(message: BusMessage) {
    if (message.kind !== "alive" || message.node === node) return
    if (message.leaving) others.delete(message.node)
    else others.set(message.node, now())
  }

  function beat() {
    bus.publish(HOUSE_TOPIC, { kind: "alive", node, leaving: false })
    if (!bus.connected) {
      // Their silence says nothing now.
      others.clear()
      if (now() - told >= againMs) gap()
      return
    }
    const silent = [...others].filter(([, at]) => now() - at >= goneMs)
    for (const [other] of silent) others.delete(other)
    if (silent.length > 0) gap()
  }

  function gap() {
    told = now()
    onGap()
  }

  const stopListening = bus.subscribe(HOUSE_TOPIC, hear)
  const stopGaps = bus.onGap(gap)
  const timer = setInterval(beat, everyMs)
  timer.unref()

  return {
    /** Others that are heard. */
    get count() {
      return others.size
    },
    /** For tests: what the timer does. */
    beat,
    stop() {
      clearInterval(timer)
      stopListening()
      stopGaps()
      bus.publish(HOUSE_TOPIC, { kind: "alive", node, leaving: true })
    },
  }
}
