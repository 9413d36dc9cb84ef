/** A block as the house keeps it for the account's other devices (segment.ts writes and reads it), and what goes with the newest. */
import type { RoomMeta } from "../room/records.ts"
import type { Block } from "./merge.ts"

/** What stands in no entry of a room: what the group is called, what is pinned. */
export type Facts = Pick<RoomMeta, "card" | "nicks" | "pins" | "timer">
export type Kept = Block & { readonly facts?: Facts }

export const factsOf = ({ card: said, nicks, pins, timer }: RoomMeta): Facts => ({
  ...(said && said.seq > 0 ? { card: said } : {}),
  ...(nicks ? { nicks } : {}),
  ...(pins ? { pins } : {}),
  ...(timer === undefined ? {} : { timer }),
})
