/**
 * How the nodes of a house tell each other that something has happened. A hint, never the truth (docs/contract.md 7): it
 * may be lost, come twice or out of order; whoever needs to know looks into the log. Within one topic and one publisher
 * an adapter keeps the order where it can, because that is what makes looking rare.
 *
 * Listeners of the publisher's own node hear it whatever happens to the network between nodes.
 */

import type { hint } from "@teahouse/protocol/down.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type * as z from "zod/mini"
import type { BusMessage } from "./message.ts"

export type { BusMessage } from "./message.ts"
export type Topic = z.output<typeof hint>["topics"][number]
export type Listener = (message: BusMessage) => void

export interface Bus {
  /** Returns at once; listeners are called later, never from within. Never throws. */
  publish(topic: string, message: BusMessage): void
  /** Returns how to stop listening. */
  subscribe(topic: string, listener: Listener): () => void
  /** False while other nodes cannot be heard. */
  readonly connected: boolean
  /** Called later and again and again: messages of other nodes may have been missed until now. Returns how to stop. */
  onGap(listener: () => void): () => void
  close(): Promise<void>
}

export const roomTopic = (room: Id): string => `room.${room}`
export const HOUSE_TOPIC = "house"
