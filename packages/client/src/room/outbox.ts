/**
 * The durable outbox's rules, as functions on its items (docs/contract.md 4 and 6):
 * - plaintext is stored at once; it is sealed only when it is about to be sent, because a seal belongs to one epoch;
 * - {new sender state, sealed bytes} are stored before the network sees them, and a retry sends the same bytes;
 * - one frame is in flight per room; nothing overtakes the head of the queue while the network fails;
 * - a message whose file is still being uploaded is passed by and takes its place when the file is there: whoever writes on
 *   does not wait for a film; files that were picked together keep their order among themselves;
 * - what the house refuses for good waits for the person and is never dropped by itself.
 */
import { errors, type Refusal } from "@teahouse/protocol/error.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { messageData } from "@teahouse/protocol/message-data.ts"
import type { KeyHead, Seen } from "../content/core.ts"
import { encodeContent } from "../content/message.ts"
import type { Crypto, Delta, Device, Room } from "../crypto/port.ts"
import type { OutboxItem } from "./records.ts"

/** Well below a frame, so that padding and envelopes fit. */
const BATCH_BYTES = limits.frameBytes / 4

export const inFlight = (items: readonly OutboxItem[]): OutboxItem[] =>
  items.filter((item) => item.state === "sealed" && !item.accepted)

export const waiting = (items: readonly OutboxItem[]): OutboxItem[] => {
  /** What is on its way of files that were picked together: those after it wait for it. */
  const held = new Set<string>()
  return items.filter(({ state, upload, together }) => {
    if (state !== "waiting") return false
    if (upload && !upload.paused && together !== undefined) held.add(together)
    return !upload && (together === undefined || !held.has(together))
  })
}

/** At least the bytes of what is in it, whatever its kind. */
export function weightOf(value: unknown): number {
  if (typeof value === "string") return 3 * value.length
  if (value instanceof Uint8Array) return value.length
  if (typeof value !== "object" || value === null) return 9
  return Object.values(value).reduce((sum: number, part) => sum + weightOf(part) + 24, 0)
}

/** How many of the waiting ones go into the next frame. */
export function nextBatch(items: readonly OutboxItem[], max: number = limits.sendItems): OutboxItem[] {
  const batch: OutboxItem[] = []
  let bytes = 0
  for (const item of waiting(items)) {
    bytes += weightOf(item.draft) + 512
    if (batch.length > 0 && (bytes > BATCH_BYTES || batch.length >= max)) break
    batch.push(item)
  }
  return batch
}

export type SealedBatch = {
  readonly group: Room
  readonly delta: Delta
  readonly items: readonly OutboxItem[]
  readonly n: number
}

/** `n`: the highest number used so far. `batch` has at least one item; the first carries `keyHeads`. */
export async function sealBatch(
  crypto: Crypto,
  me: Device,
  start: Room,
  batch: readonly OutboxItem[],
  n: number,
  seen: Seen,
  keyHeads: readonly KeyHead[] = [],
): Promise<SealedBatch> {
  let group = start
  let delta: Delta | undefined
  const items: OutboxItem[] = []
  let last = n
  for (const item of batch) {
    last += 1
    const heads = items.length === 0 ? keyHeads : []
    const content = encodeContent(item.draft, seen, heads)
    const aad = messageData(group.room, group.generation, me.device, last)
    const sealed = await crypto.room.sealMessage(group, content, aad)
    group = sealed.room
    delta = sealed.delta
    const { generation, epoch } = group
    const [own] = heads
    const keys = own ? { keys: { life: own.life, position: own.position } } : {}
    const kept = { n: last, generation, epoch, bytes: sealed.bytes, content, ...keys }
    const { error: _, ...rest } = item
    items.push({ ...rest, state: "sealed", sealed: kept })
  }
  if (!delta) throw new Error("an empty batch")
  return { group, delta, items, n: last }
}

export const unsealed = (item: OutboxItem): OutboxItem => {
  const { sealed: _, accepted: __, error: ___, ...rest } = item
  return { ...rest, state: "waiting" }
}

/** What to do about a refusal of the frame in flight. */
export type Answer =
  /** Process the log, then seal again in the new epoch. */
  | "seal_again"
  /** It may be in the log already: look, and only what is not there is sent again. */
  | "look"
  /** The same bytes, later. */
  | "later"
  /** One of them is bad: find out which. */
  | "one_by_one"
  | "refused"

export function answerTo(refusal: Refusal, items: number): Answer {
  // The epoch is the same: somebody has to be removed first, by this device or another. The bytes stay good until then.
  if (refusal.detail?.reason === "removal_due") return "later"
  if (refusal.kind === "stale_epoch") return "seal_again"
  if (refusal.kind === "already_sent") return "look"
  if (errors[refusal.kind].retry === "later") return "later"
  return items > 1 ? "one_by_one" : "refused"
}
