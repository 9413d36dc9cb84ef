/**
 * Appends on their way to the writer thread and back: one buffer each way, handed over and not copied. Structured
 * clone of a thousand small arrays costs more than hashing and storing them, and cloning a view would copy all of the
 * frame that it looks into.
 *
 *   request  u32 requests · u32 items · each: room 16 · device 16 · generation u32 · epoch f64 · items u16 ·
 *            each: n f64 · length u32 · hash of the body 32 · body
 *   answer   u32 count · each: u8 outcome · if 0: incarnation u32 · generation u32 · fresh u16 · items u16 ·
 *            each: seq f64 · time f64 · hash 32
 *
 * Bodies are hashed on this side, while the writer commits what came before. Numbers are little-endian; positions are doubles because they are JavaScript numbers on both sides.
 */
import { hash } from "node:crypto"
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

const START = 8
const REQUEST = 16 + 16 + 4 + 8 + 2
const ITEM = 8 + 4 + 32
export const ANSWER = 1 + 4 + 4 + 2 + 2
export const POSITION = 8 + 8 + 32

export function writeBatch(requests: readonly AppendRequest[]): ArrayBuffer {
  let size = START + requests.length * REQUEST
  let count = 0
  for (const { items } of requests) {
    count += items.length
    for (const { body } of items) size += ITEM + body.length
  }
  const bytes = Buffer.allocUnsafeSlow(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, requests.length, true)
  view.setUint32(4, count, true)
  let at = START
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
      bytes.write(hash("sha256", body, "latin1"), at + 12, "latin1")
      bytes.set(body, at + ITEM)
      at += ITEM + body.length
    }
  }
  return bytes.buffer as ArrayBuffer
}

/** What the writer reads: the same object for each request in turn, because a batch has thousands. */
export type BatchRequest = {
  /** Room and device, 16 characters of latin1 each: a key of maps that can be turned back into the ids. */
  key: string
  generation: number
  epoch: number
  count: number
  /** The first `count` of each are this request's. */
  readonly ns: number[]
  readonly bodies: Uint8Array[]
  readonly bodyHashes: Uint8Array[]
}

export const batchSize = (batch: ArrayBuffer) => {
  const view = new DataView(batch)
  return { requests: view.getUint32(0, true), items: view.getUint32(4, true) }
}

export function eachRequest(batch: ArrayBuffer, visit: (request: BatchRequest) => void): void {
  const bytes = Buffer.from(batch)
  const view = new DataView(batch)
  const { requests } = batchSize(batch)
  const request: BatchRequest = {
    key: "",
    generation: 0,
    epoch: 0,
    count: 0,
    ns: [],
    bodies: [],
    bodyHashes: [],
  }
  let at = START
  for (let r = 0; r < requests; r++) {
    request.key = bytes.toString("latin1", at, at + 32)
    request.generation = view.getUint32(at + 32, true)
    request.epoch = view.getFloat64(at + 36, true)
    request.count = view.getUint16(at + 44, true)
    at += REQUEST
    for (let i = 0; i < request.count; i++) {
      const start = at + ITEM
      const end = start + view.getUint32(at + 8, true)
      request.ns[i] = view.getFloat64(at, true)
      request.bodyHashes[i] = bytes.subarray(at + 12, start)
      request.bodies[i] = bytes.subarray(start, end)
      at = end
    }
    visit(request)
  }
}

/** Filled in by the writer as it goes. */
export function answerWriter({ requests, items }: { readonly requests: number; readonly items: number }) {
  const size = 4 + requests * ANSWER + items * POSITION
  const bytes = Buffer.allocUnsafeSlow(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, requests, true)
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

export const refusalOf = (outcome: Exclude<Outcome, "placed">): Refusal =>
  outcome === "removal_due" ? refuse("stale_epoch", { detail: { reason: "removal_due" } }) : refuse(outcome)
