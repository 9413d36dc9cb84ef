/** When messages disappear, as it is written down with them (expiry.ts). Keys are in the order of time. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { numberKey } from "../store/port.ts"
import type { SealedWrite } from "../store/sealed.ts"

export const EXPIRY = "expiry/"

export type Expiring = {
  readonly room: Id
  readonly incarnation: number
  readonly seq: number
  readonly at: number
}

export const expiryWrites = (
  room: Id,
  incarnation: number,
  expiring: readonly { readonly seq: number; readonly at: number }[],
): SealedWrite[] =>
  expiring.map(({ seq, at }) => ({
    put: `${EXPIRY}${numberKey(at)}/${room}/${numberKey(seq)}`,
    value: { room, incarnation, seq, at } satisfies Expiring,
  }))
