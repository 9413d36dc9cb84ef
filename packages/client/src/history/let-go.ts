/** What the house is still to let go of, as it is written down with what made it so (let-go.ts). */
import type { Id } from "@teahouse/protocol/ids.ts"
import { numberKey } from "../store/port.ts"
import type { SealedWrite } from "../store/sealed.ts"

export const LET_GO = "let-go/"

export type LetGo = { readonly room: Id; readonly seq: number; readonly reason: "recall" | "expire" }

export const letGoWrites = (room: Id, seqs: readonly number[], reason: LetGo["reason"]): SealedWrite[] =>
  seqs.map((seq) => ({
    put: `${LET_GO}${room}/${reason}/${numberKey(seq)}`,
    value: { room, seq, reason } satisfies LetGo,
  }))

/** Whose it is, as its key says. */
export const roomToLetGo = (key: string): Id => key.slice(LET_GO.length).split("/")[0] as Id

/** May go in one request with another. */
export const isWaitingToBeLetGo = (one: LetGo, with_: LetGo): boolean =>
  one.room === with_.room && one.reason === with_.reason
