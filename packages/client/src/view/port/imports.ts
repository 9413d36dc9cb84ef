/**
 * What another program's export held (client/src/import), as read-only history of a chat: nobody else sees it, it is sent to nobody, and it is kept
 * for one's other devices like all history. Block by block, and shown when the last one is there; the same again goes on where it stopped.
 * The runner (import/run.ts) does all of it.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { FileAt } from "./files.ts"

/** One chat of an export, and where it goes. Every step says it anew, so that nothing is remembered in between. */
export type ImportOf = {
  readonly room: Id
  readonly source: "telegram" | "whatsapp"
  /** As the other program called the chat; at most 100 characters. */
  readonly title: string
  /** What it says, hashed (16 bytes): the same export is the same import. */
  readonly digest: Uint8Array
  readonly lines: number
  /** ms UTC. */
  readonly first: number
  readonly last: number
}
export type ImportLine = {
  readonly name: string
  readonly at: number
  readonly text: string
  /** A file that was sent into the chat with oneself: the line speaks of the same ciphertext. */
  readonly file?: FileAt
}

/** An import that is shown. */
export type OwnImport = ImportOf & {
  /** When it was imported, ms UTC. */
  readonly at: number
}

export type ImportCommands = {
  /** All that are shown, by chat, oldest lines first. */
  ownImports: { args: Record<never, never>; value: { readonly imports: readonly OwnImport[] } }
  /** Keys (import/line-key.ts) of what was imported into it from the same program's chat of this title. */
  importedLines: {
    args: Pick<ImportOf, "room" | "source" | "title">
    value: { readonly keys: Uint8Array }
  }
  /** `known`: all of it is on this device already, and nothing is to be done. */
  beginImport: { args: ImportOf; value: { readonly known: boolean } }
  /** The `block`-th 256 lines. `device_full`: they are not here, and the same again goes on. */
  importBlock: {
    args: { readonly of: ImportOf; readonly block: number; readonly lines: readonly ImportLine[] }
    value: null
  }
  /** From here on it is shown, on all of one's devices. `not_found`: a block of it is not here. */
  endImport: { args: ImportOf; value: null }
  /** All of it, on all of one's devices. Where it is cut off, the same again goes on. */
  dropImport: { args: { readonly room: Id; readonly import: Uint8Array }; value: null }
}
