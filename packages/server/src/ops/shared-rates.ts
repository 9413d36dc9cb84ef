/**
 * One measure for all nodes: what somebody has used of a limit at one node is taken from the others' buckets a moment later,
 * also where that makes them owe. So whoever goes round the nodes gets a burst from each once, and afterwards as much as a
 * single node would give. Rejected: counting in the database, which would cost a write for every message and every guess.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Bus, type BusMessage, HOUSE_TOPIC } from "../bus/port.ts"

/** Tells the others that so much was used here. */
export type Used = (key: string, count: number) => void
/** `owe` takes what was used elsewhere, whether or not it is there. */
export type Share = (limit: string, owe: Used) => Used

const EVERY_MS = 250
/** In one message (bus/message.ts). */
const KEYS = 1_000

/** For a house with one node. */
export const sharesNothing: Share = () => () => {}

export function createSharedRates(bus: Bus, node: Id, everyMs = EVERY_MS) {
  const limits = new Map<string, { readonly owe: Used; used: Map<string, number> }>()
  const stopListening = bus.subscribe(HOUSE_TOPIC, hear)
  let timer: NodeJS.Timeout | undefined

  function hear(message: BusMessage) {
    if (message.kind !== "used" || message.node === node) return
    const limit = limits.get(message.limit)
    for (const { key, count } of message.counts) limit?.owe(key, count)
  }

  function tell() {
    timer = undefined
    for (const [limit, entry] of limits) {
      const counts = [...entry.used].map(([key, count]) => ({ key, count }))
      entry.used = new Map()
      for (let at = 0; at < counts.length; at += KEYS)
        bus.publish(HOUSE_TOPIC, { kind: "used", node, limit, counts: counts.slice(at, at + KEYS) })
    }
  }

  const share: Share = (limit, owe) => {
    const entry = { owe, used: new Map<string, number>() }
    limits.set(limit, entry)
    return (key, count) => {
      entry.used.set(key, (entry.used.get(key) ?? 0) + count)
      timer ??= setTimeout(tell, everyMs).unref()
    }
  }

  return {
    share,
    stop() {
      clearTimeout(timer)
      stopListening()
    },
  }
}
