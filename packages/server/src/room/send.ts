/**
 * A device's `send`: checked here for what can be known without the log, then appended with all others of this turn of
 * the event loop, one message to the writer for all of them. Answers come by callback and not by a promise for each.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { entryKinds } from "@teahouse/protocol/entry.ts"
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Limits } from "@teahouse/protocol/limits.ts"
import { readMessageHeader } from "@teahouse/protocol/mls-header.ts"
import { err } from "@teahouse/protocol/result.ts"
import type { Send } from "@teahouse/protocol/up.ts"
import type { Database } from "../db/port.ts"
import type { Metrics } from "../ops/metrics.ts"
import { type Share, sharesNothing } from "../ops/shared-rates.ts"
import type { Fanout } from "./fanout.ts"
import type { Appended, AppendRequest, AppendResult } from "./log.ts"
import { Rate } from "./rate.ts"

export type Reply = (result: AppendResult, request: AppendRequest) => void
type Waiting = { readonly request: AppendRequest; readonly reply: Reply }

export type SenderParts = {
  readonly db: Pick<Database, "append">
  readonly fanout: Pick<Fanout, "tell">
  readonly limits: Limits
  readonly now: () => number
  readonly onError: (error: unknown) => void
  /** Other nodes' measure of the same. */
  readonly share?: Share
  readonly metrics?: Metrics
}

/** Bytes on their way to the writer; past it sends are asked to wait. */
const WAITING_BYTES = 256 * 1024 * 1024
/** Requests in one message to the writer. */
const BATCH = 4096

export type Sender = ReturnType<typeof createSender>

export function createSender({
  db,
  fanout,
  limits,
  now,
  onError,
  share = sharesNothing,
  metrics,
}: SenderParts) {
  const rate = new Rate(limits.sendsPerSecond / 1000, limits.sendBurst)
  const used = share("sends", (device, count) => rate.owe(device, count, now()))
  const groups = createGroups()
  const queue: Waiting[] = []
  let bytes = 0

  function objection(device: Id, { room, generation, epoch, items }: Send): Refusal | undefined {
    const group = groups(room, generation)
    let last = 0
    for (const { n, body } of items) {
      if (n <= last) return refuse("malformed")
      last = n
      if (body.length > limits.messageBytes) return refuse("too_large")
      const header = readMessageHeader(body)
      if (!header || header.epoch !== epoch || !sameBytes(header.groupId, group))
        return refuse("invalid_message")
    }
    const wait = rate.take(device, items.length, now())
    if (wait > 0) return refuse("rate_limited", { retryAfterMs: wait })
    used(device, items.length)
    return bytes > WAITING_BYTES ? refuse("unavailable", { retryAfterMs: 1000 }) : undefined
  }

  function flush() {
    while (queue.length > 0) append(queue.splice(0, BATCH)).catch(onError)
  }

  async function append(batch: readonly Waiting[]): Promise<void> {
    const size = batch.reduce((sum, { request }) => sum + sizeOf(request), 0)
    let results: readonly AppendResult[]
    const began = performance.now()
    try {
      results = await db.append(
        batch.map((one) => one.request),
        now(),
      )
    } catch (error) {
      onError(error)
      results = batch.map(() => err(refuse("unavailable")))
    }
    bytes -= size
    if (metrics) measure(metrics, batch, results, performance.now() - began)
    batch.forEach(({ request, reply }, i) => {
      const result = results[i] ?? err(refuse("internal"))
      reply(result, request)
      if (result.ok) tell(request, result.value)
    })
  }

  function tell(
    { room, device, items }: AppendRequest,
    { incarnation, generation, positions, fresh }: Appended,
  ) {
    for (let i = positions.length - fresh; i < positions.length; i++) {
      const { n, body } = items[i] as { n: number; body: Uint8Array }
      const position = positions[i] as Appended["positions"][number]
      fanout.tell(room, { ...position, incarnation, generation, kind: entryKinds.message, device, n, body })
    }
  }

  return {
    /** `reply` is called once, later or at once; when it says ok, the messages are on stable storage. */
    send(device: Id, frame: Send, reply: Reply): void {
      const { room, generation, epoch, items } = frame
      const request: AppendRequest = { room, device, generation, epoch, items }
      const why = objection(device, frame)
      if (why) {
        if (metrics) metrics.refused.value += items.length
        reply(err(why), request)
        return
      }
      bytes += sizeOf(request)
      if (queue.length === 0) setImmediate(flush)
      queue.push({ request, reply })
    },
  }
}

function measure(
  metrics: Metrics,
  batch: readonly Waiting[],
  results: readonly AppendResult[],
  ms: number,
): void {
  let stored = 0
  for (const [i, { request }] of batch.entries()) {
    const result = results[i]
    if (result?.ok) stored += result.value.fresh
    else metrics.refused.value += request.items.length
  }
  metrics.appended(stored, ms)
}

function sizeOf({ items }: AppendRequest): number {
  let size = 0
  for (const { body } of items) size += body.length
  return size
}

/** Group ids are derived again and again from the same few rooms. */
function createGroups(): (room: Id, generation: number) => Uint8Array {
  const known = new Map<string, Uint8Array>()
  return (room, generation) => {
    const key = `${room}${generation}`
    let group = known.get(key)
    if (!group) {
      if (known.size > 20_000) known.clear()
      group = groupId(room, generation)
      known.set(key, group)
    }
    return group
  }
}
