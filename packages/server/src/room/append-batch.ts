/**
 * Appends on their way to the writer thread and back: one buffer each way, handed over and not copied. Structured
 * clone of a thousand small arrays costs more than hashing and storing them, and cloning a view would copy all of the
 * frame that it looks into.
 *
 *   request  u32 count · each: room 16 · device 16 · generation u32 · epoch f64 · items u16 · each: n f64 · length u32 · body
 *   answer   u32 count · each: u8 outcome · if 0: incarnation u32 · generation u32 · fresh u16 · items u16 ·
 *            each: seq f64 · time f64 · hash 32
 *
 * Numbers are little-endian; positions are doubles because they are JavaScript numbers on both sides.
 */
import { type Refusal, refuse } from "@teahouse/protocol/error.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import type { AppendRequest, AppendResult, Position } from "./log.ts"

/** The outcomes of an append; a request's place in this list is its byte. */
export const outcomes = [
  "placed",
  "unknown_room",
  "not_a_member",
  "room_frozen",
  "removal_due",
  "stale_epoch",
  "already_sent",
] as const
export type Outcome = (typeof outcomes)[number]

const REQUEST = 16 + 16 + 4 + 8 + 2
const ITEM = 8 + 4
export const ANSWER = 1 + 4 + 4 + 2 + 2
export const POSITION = 8 + 8 + 32

export function writeBatch(requests: readonly AppendRequest[]): ArrayBuffer {
  let size = 4 + requests.length * REQUEST
  for (const { items } of requests) for (const { body } of items) size += ITEM + body.length
  const bytes = Buffer.allocUnsafeSlow(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, requests.length, true)
  let at = 4
  for (const { room, device, generation, epoch, items } of requests) {
    bytes.write(room, at, "base64url")
    bytes.write(device, at + 16, "base64url")
    view.setUint32(at + 32, generation, true)
    view.setFloat64(at + 36, epoch, true)
    view.setUint16(at + 44, items.length, true)
    at += REQUEST
    for (const { n, body } of items) {
      view.setFloat64(at, n, true)
      view.setUint32(at + 8, body.length, true)
      bytes.set(body, at + ITEM)
      at += ITEM + body.length
    }
  }
  return bytes.buffer as ArrayBuffer
}

export type BatchItem = { readonly n: number; readonly body: Uint8Array }
export type BatchRequest = {
  /** Room and device, 16 characters of latin1 each: a key of maps that can be turned back into the ids. */
  readonly key: string
  readonly generation: number
  readonly epoch: number
  readonly items: readonly BatchItem[]
}

export function readBatch(batch: ArrayBuffer): BatchRequest[] {
  const bytes = Buffer.from(batch)
  const view = new DataView(batch)
  const requests: BatchRequest[] = new Array(view.getUint32(0, true))
  let at = 4
  for (let r = 0; r < requests.length; r++) {
    const request = {
      key: bytes.toString("latin1", at, at + 32),
      generation: view.getUint32(at + 32, true),
      epoch: view.getFloat64(at + 36, true),
      items: new Array<BatchItem>(view.getUint16(at + 44, true)),
    }
    at += REQUEST
    for (let i = 0; i < request.items.length; i++) {
      const start = at + ITEM
      const end = start + view.getUint32(at + 8, true)
      request.items[i] = { n: view.getFloat64(at, true), body: bytes.subarray(start, end) }
      at = end
    }
    requests[r] = request
  }
  return requests
}

/** Filled in by the writer as it goes. */
export function answerWriter(requests: readonly BatchRequest[]) {
  let size = 4
  for (const { items } of requests) size += ANSWER + items.length * POSITION
  const bytes = Buffer.allocUnsafeSlow(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, requests.length, true)
  let at = 4
  return {
    bytes,
    refused(outcome: Outcome) {
      bytes[at++] = outcomes.indexOf(outcome)
    },
    placed(incarnation: number, generation: number, fresh: number, items: number) {
      bytes[at] = 0
      view.setUint32(at + 1, incarnation, true)
      view.setUint32(at + 5, generation, true)
      view.setUint16(at + 9, fresh, true)
      view.setUint16(at + 11, items, true)
      at += ANSWER
    },
    /** Returns where in `bytes` the 32 bytes of the hash belong. */
    position(seq: number, time: number): number {
      view.setFloat64(at, seq, true)
      view.setFloat64(at + 8, time, true)
      at += POSITION
      return at - 32
    },
    end: (): ArrayBuffer =>
      at === size ? (bytes.buffer as ArrayBuffer) : (bytes.buffer as ArrayBuffer).slice(0, at),
  }
}

export function readAnswers(answer: ArrayBuffer): AppendResult[] {
  const bytes = new Uint8Array(answer)
  const view = new DataView(answer)
  let at = 4
  return Array.from({ length: view.getUint32(0, true) }, () => {
    const outcome = outcomes[bytes[at] ?? 0] ?? "placed"
    if (outcome !== "placed") {
      at++
      return err(refusalOf(outcome))
    }
    const incarnation = view.getUint32(at + 1, true)
    const generation = view.getUint32(at + 5, true)
    const fresh = view.getUint16(at + 9, true)
    const items = view.getUint16(at + 11, true)
    at += ANSWER
    const positions: Position[] = []
    for (let i = 0; i < items; i++) {
      positions.push({
        seq: view.getFloat64(at, true),
        time: view.getFloat64(at + 8, true),
        hash: bytes.subarray(at + 16, at + POSITION),
      })
      at += POSITION
    }
    return ok({ incarnation, generation, positions, fresh })
  })
}

const refusalOf = (outcome: Exclude<Outcome, "placed">): Refusal =>
  outcome === "removal_due" ? refuse("stale_epoch", { detail: { reason: "removal_due" } }) : refuse(outcome)
