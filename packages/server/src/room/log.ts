/**
 * The log of a room, as the rest of the house sees it (docs/contract.md 1–5). Messages are appended here; commits,
 * notices and openings are named writes (writes.ts) that go through the same queue, because they are rare and touch
 * more tables. Both end in `nextHash` of protocol/chain.ts and are told to members by fanout.ts.
 *
 * An append takes many requests of many rooms at once: one message to the writer and one transaction for all of them.
 * Each request is one device's `send`: all of its items are placed, next to each other, or none.
 */
import type { Refusal } from "@teahouse/protocol/error.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Result } from "@teahouse/protocol/result.ts"

export type AppendRequest = {
  readonly room: Id
  readonly device: Id
  /** Must be the room's current ones. */
  readonly generation: number
  readonly epoch: number
  /** `n` strictly rising, checked by the caller. */
  readonly items: readonly { readonly n: number; readonly body: Uint8Array }[]
}

/** Where one item stands. */
export type Position = { readonly seq: number; readonly time: number; readonly hash: Uint8Array }

export type Appended = {
  readonly incarnation: number
  readonly generation: number
  /** One for each item of the request, in its order. */
  readonly positions: readonly Position[]
  /** How many of the last positions are new; the ones before were placed by an earlier, repeated request. */
  readonly fresh: number
}

/**
 * Refusals: `unknown_room` (no such room, or this device was never in it), `not_a_member`, `room_frozen`, `stale_epoch`
 * (with detail.reason `removal_due` where the epoch is right but somebody waits to be removed), `already_sent`,
 * `storage_full`.
 */
export type AppendResult = Result<Appended, Refusal>

export const roomStates = { pending: 0, open: 1, frozen: 2 } as const
export type RoomState = keyof typeof roomStates
export const stateNames: readonly RoomState[] = ["pending", "open", "frozen"]
export const roomKinds = ["direct", "group", "self"] as const
export const membership = { gone: 0, member: 1, leaving: 2 } as const
