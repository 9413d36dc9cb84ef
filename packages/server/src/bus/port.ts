/**
 * How the nodes of a house tell each other that something has happened. A hint, never the truth (docs/contract.md 7): it
 * may be lost, come twice or out of order; whoever needs to know looks into the log. Within one topic and one publisher
 * an adapter keeps the order where it can, because that is what makes looking rare.
 */

import type { hint } from "@teahouse/protocol/down.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type * as z from "zod/mini"

export type Topic = z.output<typeof hint>["topics"][number]

export type BusMessage =
  /** Entries from..to of a room, as the frame that members get, in parts that end where somebody stops listening. */
  | {
      readonly kind: "entries"
      readonly room: Id
      readonly from: number
      readonly to: number
      readonly frame: Uint8Array
      /** Devices that get this frame and nothing after it. */
      readonly gone: readonly Id[]
    }
  | { readonly kind: "ephemeral"; readonly room: Id; readonly device: Id; readonly frame: Uint8Array }
  | { readonly kind: "dropped"; readonly room: Id }
  | {
      readonly kind: "hint"
      readonly user: Id
      readonly topics: readonly Topic[]
      readonly except?: Id
    }
  | { readonly kind: "sessions_ended"; readonly sessions: readonly Id[]; readonly why?: "device_revoked" }

export type Listener = (message: BusMessage) => void

export interface Bus {
  /** Returns at once; listeners are called later, never from within. Never throws. */
  publish(topic: string, message: BusMessage): void
  /** Returns how to stop listening. */
  subscribe(topic: string, listener: Listener): () => void
  close(): Promise<void>
}

export const roomTopic = (room: Id): string => `room.${room}`
export const HOUSE_TOPIC = "house"
