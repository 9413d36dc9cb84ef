/**
 * The first bytes of a blob before the first word of an answer: a storage that is away is an answer, and not a line that breaks.
 *
 * From then on the source is open (a file, a line to a bucket) and has to be ended whatever happens. An async generator around it would
 * not do that: where the client is gone before anything was read, `return()` on a generator that has not begun ends without its `finally`.
 */
import { isAway } from "../../blob/port.ts"

export async function begun(source: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array> | "away"> {
  const parts = source[Symbol.asyncIterator]()
  const head = await parts.next().catch((error: unknown) => {
    if (isAway(error)) return "away" as const
    throw error
  })
  if (head === "away") return head
  let first: IteratorResult<Uint8Array> | undefined = head
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const next = first ?? (await parts.next())
      first = undefined
      return next
    },
    // Whoever asked may be gone: then nothing more is read.
    async return() {
      await parts.return?.()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
