/** UX 9: what waits in the dialog `Send files` of a chat, from before the page went or the chat was left, and what is picked now. */
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useState } from "react"
import { useCommand, useHouse, useView } from "../../port/use-view.ts"
import { type Chosen, chosen, keptNow, readKept } from "./kept-draft.ts"
import type { Picked } from "./picked.ts"

/** How the dialog begins. */
export type Start = {
  readonly files: readonly Chosen[]
  readonly folders: boolean
  readonly caption: string
  readonly original: boolean
}

export type KeptFiles = {
  readonly count: number
  readonly error: CommandError | undefined
  readonly open: () => void
  readonly discard: () => void
}

/** `pick` opens the dialog with what is picked now behind what is kept: nothing picked before is lost by picking more. */
export function useKept(
  room: Id,
  onStart: (start: Start) => void,
): { readonly kept: KeptFiles | undefined; readonly pick: (picked: Picked) => Promise<void> } {
  const { port } = useHouse()
  const command = useCommand()
  const draft = useView("draftFiles", { room })
  const [error, setError] = useState<CommandError>()

  const before = async () => {
    const now = draft ?? (await keptNow(port, room))
    return { ...now, read: await readKept(port, room, now) }
  }
  const pick = async ({ files, folders }: Picked) => {
    const { caption, original, read } = await before()
    const more = files.map(chosen)
    setError(undefined)
    if (read.ok) onStart({ files: [...read.value, ...more], folders, caption, original })
    else onStart({ files: more, folders, caption: "", original: false })
  }
  const open = async () => {
    const { caption, original, read } = await before()
    setError(read.ok ? undefined : read.error)
    if (read.ok && read.value.length > 0) onStart({ files: read.value, folders: false, caption, original })
  }
  const discard = async () => {
    const result = await command("dropDraftFiles", { room })
    setError(result.ok ? undefined : result.error)
  }
  const count = draft?.files.length ?? 0
  return {
    pick,
    kept: count > 0 ? { count, error, open: () => void open(), discard: () => void discard() } : undefined,
  }
}
