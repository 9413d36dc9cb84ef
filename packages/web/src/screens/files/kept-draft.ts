/** UX 9: what was picked before the page went, as files again. They are read in parts, so that no message carries a whole one. */
import type { CommandError, CommandResult } from "@teahouse/client/view/port/basic.ts"
import type { KeptDraft } from "@teahouse/client/view/port/files.ts"
import type { ClientPort, CommandValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

/** A file in the dialog. `id`: the same while it is kept, so that it is sealed once. */
export type Chosen = { readonly id: string; readonly file: File }

export const chosen = (file: File): Chosen => ({ id: crypto.randomUUID(), file })

export async function readKept(
  port: ClientPort,
  room: Id,
  { files }: KeptDraft,
): Promise<Result<Chosen[], CommandError>> {
  const all: Chosen[] = []
  for (const { id, name, type, modified } of files) {
    const parts: Blob[] = []
    let from: number | undefined = 0
    while (from !== undefined) {
      const part: CommandResult<CommandValue<"readDraftFile">> = await port.command("readDraftFile", {
        room,
        id,
        from,
      })
      if (!part.ok) return err(part.error)
      // The browser keeps a blob where it has room, outside of the page's heap.
      parts.push(new Blob([part.value.bytes as Uint8Array<ArrayBuffer>]))
      from = part.value.next
    }
    all.push({ id, file: new File(parts, name, { type, lastModified: modified }) })
  }
  return ok(all)
}

/** As it is kept at this moment. */
export const keptNow = (port: ClientPort, room: Id): Promise<KeptDraft> =>
  new Promise((done) => {
    const stop = port.subscribe("draftFiles", { room }, (value) => {
      stop()
      done(value)
    })
  })
