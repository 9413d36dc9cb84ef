/**
 * Who is connected anywhere: the other nodes are asked over the bus, and have a moment to answer. Needed before a device is
 * woken by a push, and for nothing else; whoever is not heard of in time is woken for nothing.
 */
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { type Bus, type BusMessage, HOUSE_TOPIC } from "../bus/port.ts"

export type PresenceParts = {
  readonly bus: Bus
  /** Whether this device has a socket at this node. */
  readonly has: (device: Id) => boolean
  readonly random: (length: number) => Uint8Array
  readonly answerMs?: number
}

const ANSWER_MS = 500
/** In one message (bus/message.ts). */
const ASKED = 10_000

export function createPresence({ bus, has, random, answerMs = ANSWER_MS }: PresenceParts) {
  const asked = new Map<Id, Set<Id>>()
  const stopListening = bus.subscribe(HOUSE_TOPIC, hear)

  function hear(message: BusMessage) {
    if (message.kind === "who_is_here") {
      const devices = asked.has(message.ask) ? [] : message.devices.filter(has)
      if (devices.length > 0) bus.publish(HOUSE_TOPIC, { kind: "here", ask: message.ask, devices })
    } else if (message.kind === "here")
      for (const device of message.devices) asked.get(message.ask)?.add(device)
  }

  return {
    /** Which of these have a socket at another node. */
    async elsewhere(devices: readonly Id[]): Promise<ReadonlySet<Id>> {
      const found = new Set<Id>()
      if (devices.length === 0 || !bus.connected) return found
      const ask = newId(random)
      asked.set(ask, found)
      for (let at = 0; at < devices.length; at += ASKED)
        bus.publish(HOUSE_TOPIC, { kind: "who_is_here", ask, devices: devices.slice(at, at + ASKED) })
      await new Promise((done) => setTimeout(done, answerMs).unref())
      asked.delete(ask)
      return found
    },
    stop: stopListening,
  }
}
