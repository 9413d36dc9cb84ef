/** Where the words and signs of complete blocks stand (words.ts, signs.ts), and which are to be made, written down with the change that asks for it. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { numberKey } from "../store/port.ts"
import type { SealedWrite } from "../store/sealed.ts"

export const WORDLESS = "wordless/"
export type Wordless = {
  readonly room: Id
  readonly incarnation: number
  readonly number: number
  readonly change: number
}

const wordsPrefix = (room: Id, incarnation: number): string => `words/${room}/${incarnation}/`
export const wordsKey = (room: Id, incarnation: number, number: number): string =>
  wordsPrefix(room, incarnation) + numberKey(number)
export const signsPrefix = (room: Id, incarnation: number): string => `signs/${room}/${incarnation}/`
export const wordlessKey = (room: Id, incarnation: number, number: number): string =>
  `${WORDLESS}${room}/${incarnation}/${numberKey(number)}`

let changes = 0
/** These blocks say something else from now on. */
export const wordlessWrites = (room: Id, incarnation: number, numbers: Iterable<number>): SealedWrite[] =>
  [...new Set(numbers)].flatMap((number): SealedWrite[] => [
    { drop: wordsKey(room, incarnation, number) },
    {
      put: wordlessKey(room, incarnation, number),
      value: { room, incarnation, number, change: ++changes } satisfies Wordless,
    },
  ])
