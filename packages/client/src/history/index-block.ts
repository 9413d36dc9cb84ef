/** A complete block's words and its sign (words.ts, signs.ts), made anew where something in it has changed. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { SealedStore, SealedWrite } from "../store/sealed.ts"
import { type History, SEGMENT } from "./history.ts"
import type { MarkStore } from "./marks.ts"
import { shelvesOf } from "./shelves.ts"
import { type Sign, signOf, signsKey } from "./signs.ts"
import { type Wordless, wordlessKey, wordsKey } from "./wordless.ts"
import { wordsOf } from "./words.ts"

type Parts = { readonly store: SealedStore; readonly history: History; readonly marks: MarkStore }

/** Of a block that is not complete nothing is kept. Under the room's lock. */
export async function indexBlock(
  { store, history, marks }: Parts,
  room: Id,
  wordless: Wordless,
): Promise<void> {
  const { incarnation, number, change } = wordless
  const key = wordlessKey(room, incarnation, number)
  if ((await store.get<Wordless>(key))?.change !== change) return
  const entries = await history.block(room, incarnation, number)
  const complete = entries.at(-1)?.seq === number * SEGMENT + SEGMENT - 1
  const words = complete ? wordsOf(entries, await marks.block(room, incarnation, number)) : undefined
  const shelf = signsKey(room, incarnation, number)
  const others = ((await store.get<readonly Sign[]>(shelf)) ?? []).filter((one) => one.number !== number)
  const sign = words && signOf(number, words)
  const writes: SealedWrite[] = [
    { drop: key },
    words
      ? { put: wordsKey(room, incarnation, number), value: words }
      : { drop: wordsKey(room, incarnation, number) },
    { put: shelf, value: sign ? [...others, sign] : others },
  ]
  await store.write(writes)
  shelvesOf(store).changed(room, incarnation, number)
}
