/**
 * What was imported into which chat: one record of the notebook, the same on all of a person's devices. It is written when the last block of an
 * import is stored here, so that none is ever shown in part; what it names is read from the history (view/imported.ts).
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { type Changes, topics } from "../changes.ts"
import type { ImportsRecord } from "../content/notebook.ts"
import { SEGMENT } from "../history/history.ts"
import type { Notebook } from "../notebook.ts"
import { IMPORTS, importsPage } from "../pages.ts"

export type ImportHead = ImportsRecord["all"][number]
export type Imports = Awaited<ReturnType<typeof loadImports>>

export const isSameImport = (a: Pick<ImportHead, "room" | "digest">, b: typeof a): boolean =>
  a.room === b.room && sameBytes(a.digest, b.digest)
/** Numbers of its blocks, ascending. */
export const blocksOf = ({ base, lines }: Pick<ImportHead, "base" | "lines">): number[] =>
  Array.from({ length: Math.ceil(lines / SEGMENT) }, (_, i) => base + i)

export async function loadImports({
  notebook,
  changes,
}: {
  readonly notebook: Notebook
  readonly changes: Changes
}) {
  let all: readonly ImportHead[] = []
  const read = async () => {
    const before = all
    all = ((await notebook.get(IMPORTS, importsPage))?.all ?? []).toSorted((a, b) => a.base - b.base)
    for (const room of new Set([...before, ...all].map((one) => one.room))) changes.emit(topics.room(room))
  }
  await read()
  return {
    /** Of a chat, in the order of time; those that were deleted are not among them. */
    of: (room: Id): readonly ImportHead[] => all.filter((one) => one.room === room && one.on),
    /** Deleted ones too. */
    known: (): readonly ImportHead[] => all,
    async put(head: ImportHead): Promise<void> {
      await notebook.change(IMPORTS, importsPage, (old) => ({
        v: 1,
        all: [...(old?.all ?? []).filter((one) => !isSameImport(one, head)), head],
      }))
      await read()
    },
    /** After another device's news. */
    reload: read,
  }
}
