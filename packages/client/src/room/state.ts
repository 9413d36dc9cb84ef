/** What the actor of one room holds in memory; the store holds the same. Replaced whole, never changed in place. */
import type { Agreed } from "@teahouse/judge/agreed.ts"
import type { Room } from "../crypto/port.ts"
import type { OutboxItem, PendingCommit, RoomMeta } from "./records.ts"

export type RoomState = {
  readonly meta: RoomMeta
  /** The MLS state at the cursor; absent while it is lost or after removal. */
  readonly group?: Room | undefined
  /** What was agreed on last where the group is lost: a next generation is held against it. */
  readonly agreed?: Agreed | undefined
  readonly outbox: readonly OutboxItem[]
  /** Made and stored, perhaps posted, not yet seen in the log. */
  readonly pending?: PendingCommit | undefined
}
