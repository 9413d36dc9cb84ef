/**
 * Which blocks hold something that the house has not got yet: written down with the change itself, so that a crash forgets
 * none. The value differs with each change: whoever has brought a block to the house sees whether it has changed since.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { numberKey } from "../store/port.ts"
import type { SealedWrite } from "../store/sealed.ts"

export const UNSAFE = "unsafe/"

export type Unsafe = {
  readonly room: Id
  readonly incarnation: number
  readonly number: number
  readonly change: number
}
let changes = 0
/** How often anything became unsafe, in whatever account of this process. */
export const unsafeChanges = (): number => changes

export const unsafeKey = (room: Id, incarnation: number, number: number): string =>
  `${UNSAFE}${room}/${incarnation}/${numberKey(number)}`

export const unsafeWrites = (room: Id, incarnation: number, numbers: Iterable<number>): SealedWrite[] =>
  [...new Set(numbers)].map((number) => ({
    put: unsafeKey(room, incarnation, number),
    value: { room, incarnation, number, change: ++changes } satisfies Unsafe,
  }))
