/** What a connection is to the parts that it serves, and what it needs of them. */
import type { Down } from "@teahouse/protocol/down.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import type { Database } from "../db/port.ts"
import type { House } from "../house/house.ts"
import type { Sender } from "../room/send.ts"
import type { Subscriptions } from "../room/subscription.ts"
import type { Hub, Member } from "./hub.ts"

export type SocketParts = {
  readonly db: Database
  readonly house: House
  readonly hub: Hub
  readonly sender: Sender
  readonly subscriptions: Subscriptions
  readonly limits: Limits
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
  readonly onError: (error: unknown) => void
}

/** RFC 6455 section 7.4.1. */
export const closeCodes = { policy: 1008, internal: 1011, restart: 1012, tryAgain: 1013 } as const
/** A connection after its greeting, as the handlers see it. */
export type Peer = Member & {
  readonly say: (frame: Down) => void
  readonly drained: () => Promise<void>
  readonly closed: () => boolean
}
