/**
 * The parts that the composition root (main.ts) makes and hands to handlers. A module that needs one or two of them
 * takes these as arguments instead; this type exists for the seam between the router and the endpoints only.
 */

import type { Judge } from "@teahouse/judge/judge.ts"
import type { Stretching } from "@teahouse/protocol/http/account.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import type { Logger } from "pino"
import type * as z from "zod/mini"
import type { Logins, pendingLogin, pendingRecovery } from "../account/logins.ts"
import type { Opaque } from "../account/opaque.ts"
import type { Registration } from "../account/registration.ts"
import type { Administration } from "../admin/acts.ts"
import type { Live } from "../admin/live.ts"
import type { Blobs } from "../blob/blobs.ts"
import type { Database } from "../db/port.ts"
import type { House } from "../house/house.ts"
import type { Metrics } from "../ops/metrics.ts"
import type { Push } from "../push/push.ts"
import type { Vapid } from "../push/vapid.ts"
import type { Rooms } from "../room/rooms.ts"
import type { Hub } from "../socket/hub.ts"
import type { ClientAddress } from "./client-address.ts"
import type { Rates } from "./rates.ts"

export type HouseParts = {
  readonly db: Database
  /** Id, signing key and incarnation. */
  readonly house: House
  /** Whether commits, key packages and the like are valid. */
  readonly judge: Judge
  /** Who is connected: hints and ended sessions. */
  readonly hub: Hub
  /** Opening, changing and reading rooms. */
  readonly rooms: Rooms
  /** Files: uploads, reading, what refers to them. */
  readonly blobs: Blobs
  /** Waking devices that are not connected. */
  readonly push: Push
  readonly vapid: Vapid
  /** Push services that the operator named beside the known ones. */
  readonly pushOrigins: readonly string[]
  readonly opaque: Opaque
  /** OPAQUE logins between their two requests. */
  readonly logins: Logins<z.output<typeof pendingLogin>>
  /** Recoveries between their two requests. */
  readonly recoveries: Logins<z.output<typeof pendingRecovery>>
  readonly registration: Registration
  /** What administrators do and see. */
  readonly administration: Administration
  /** How this node is doing. */
  readonly live: Live
  readonly rates: Rates
  readonly limits: Limits
  /** What new accounts are asked to use. */
  readonly stretching: Stretching
  /** Milliseconds UTC. */
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
  readonly log: Logger
  readonly metrics: Metrics
  readonly clientAddress: ClientAddress
}
