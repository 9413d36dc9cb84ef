/**
 * Acts (an edit, a recall, a reaction …) on messages from before this device came in. They wait, under the block in which
 * their message stands, until that block is restored.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { encodeContent } from "../content/message.ts"
import type { By, Late } from "../room/fold.ts"
import { numberKey } from "../store/port.ts"
import type { SealedWrite } from "../store/sealed.ts"
import { SEGMENT } from "./history.ts"

export type LateAct = { readonly by: By; readonly bytes: Uint8Array }

export const latePrefix = (room: Id, incarnation: number, number: number): string =>
  `late/${room}/${incarnation}/${numberKey(number)}/`

export const lateWrites = (room: Id, incarnation: number, late: readonly Late[]): SealedWrite[] =>
  late.map(({ content, of, by }) => ({
    put: latePrefix(room, incarnation, Math.floor(of.seq / SEGMENT)) + numberKey(by.seq),
    value: { by, bytes: encodeContent(content, content.seen) } satisfies LateAct,
  }))
