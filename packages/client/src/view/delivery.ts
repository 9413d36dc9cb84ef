/** How far one's own message has come with the others, from what their devices said (room/fold.ts). */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Home } from "../home.ts"
import { RECEIPTS_USERS_MAX } from "../room/fold.ts"
import type { OutboxItem, RoomMeta } from "../room/records.ts"
import type { Delivery } from "./port/messages.ts"

export const waitingDelivery = (item: OutboxItem): Delivery =>
  item.state === "refused" ? "refused" : item.accepted ? "sent" : "waiting"

export type Reached = { readonly read: Id[]; readonly delivered: Id[]; readonly waiting: Id[] }

/** Whoever does not show what they read does not see what others have read. */
export function reachedBy(home: Home, meta: RoomMeta, seq: number): Reached {
  const shows = home.settings.value().readReceipts
  const reached: Reached = { read: [], delivered: [], waiting: [] }
  for (const user of meta.users) {
    if (user === home.account.user) continue
    const said = meta.receipts?.find((one) => one.user === user)
    if (shows && said && said.read >= seq) reached.read.push(user)
    else if (said && said.delivered >= seq) reached.delivered.push(user)
    else reached.waiting.push(user)
  }
  return reached
}

export function sentDelivery(home: Home, meta: RoomMeta, seq: number): Delivery {
  if (meta.kind === "self" || meta.users.length > RECEIPTS_USERS_MAX) return "sent"
  const { read, delivered, waiting } = reachedBy(home, meta, seq)
  if (waiting.length > 0 || read.length + delivered.length === 0) return "sent"
  return delivered.length > 0 ? "delivered" : "read"
}
