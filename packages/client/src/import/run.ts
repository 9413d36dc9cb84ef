/**
 * Runs an import over the port, for the terminal and the page alike: block by block, with the files that the export holds. Files go into the chat
 * with oneself, where the house keeps them like any others; the lines speak of the same ciphertexts.
 * Nothing is shown before an import is whole. What was under way when it stopped is written again by the same import, to the same place.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { FileAt, FileToSend } from "../view/port/files.ts"
import type { ImportLine, ImportOf } from "../view/port/imports.ts"
import type { CommandArgs, CommandName, CommandValue } from "../view/port.ts"
import { newLines } from "./grown.ts"
import { blocks, type KeptLine, measured } from "./lines.ts"
import type { Imported, Unread } from "./record.ts"

export type ImportDoing = {
  /** Throws where the command is refused: then the import stops, and what is there already stays out of sight. */
  must<C extends CommandName>(name: C, args: CommandArgs<C>): Promise<CommandValue<C>>
  /** A file of the export; why there is none else. */
  file(path: string, name: string): Promise<FileToSend | Unread["why"]>
  /** The position of a message that was just put into the outbox, when the house has it; undefined where it was refused. */
  stored(room: Id, key: string): Promise<number | undefined>
  /** Where a file of this import went in an earlier run; asked before it is sent, and told after. */
  readonly sent: {
    get(digest: Uint8Array, path: string): number | undefined
    set(digest: Uint8Array, path: string, seq: number): void
  }
  progress(done: ImportProgress): unknown
  stopped(): boolean
}
export type ImportProgress = { readonly chat: string; readonly done: number; readonly of: number }
export type ImportReport = {
  readonly chats: number
  /** Lines that are there now because of this run, and lines that were there before. */
  readonly messages: number
  readonly before: number
  readonly files: number
  readonly unread: readonly Unread[]
  readonly stopped: boolean
}

/** `room`: where it goes. `self`: one's chat with oneself, for the files. */
export async function runImport(
  { chats, unread: said }: Imported,
  { room, self, source }: { readonly room: Id; readonly self: Id; readonly source: ImportOf["source"] },
  doing: ImportDoing,
): Promise<ImportReport> {
  const unread: Unread[] = [...said]
  const count = { chats: 0, messages: 0, before: 0, files: 0 }
  for (const chat of chats) {
    if (doing.stopped()) break
    const whole = { room, source, ...measured(source, chat) }
    if (whole.lines === 0) continue
    count.chats += 1
    if ((await doing.must("beginImport", whole)).known) {
      count.before += whole.lines
      continue
    }
    const { keys: there } = await doing.must("importedLines", whole)
    const isThere = async (path: string, name: string) => typeof (await doing.file(path, name)) !== "string"
    const { rest, known } = there.length > 0 ? await newLines(chat, there, isThere) : { rest: chat, known: 0 }
    count.before += known
    const of = known > 0 ? { room, source, ...measured(source, rest) } : whole
    if (of.lines === 0) continue
    // What is left may be what was left the last time, and under way since then.
    if (known > 0 && (await doing.must("beginImport", of)).known) {
      count.before += of.lines
      continue
    }
    let [block, done] = [0, 0]
    for (const lines of blocks(rest)) {
      const kept: ImportLine[] = []
      for (const line of lines) {
        if (doing.stopped()) break
        kept.push(await lineOf(line))
      }
      if (doing.stopped()) break
      await doing.must("importBlock", { of, block, lines: kept })
      block += 1
      done += lines.length
      await doing.progress({ chat: of.title, done, of: of.lines })
    }
    if (doing.stopped()) break
    await doing.must("endImport", of)
    count.messages += of.lines

    async function lineOf({ name, at, text, path, fileName }: KeptLine): Promise<ImportLine> {
      if (path === undefined) return { name, at, text }
      const file = await fileAt(path, fileName ?? path)
      if (typeof file !== "string") return { name, at, text, file }
      unread.push({ chat: of.title, where: path, why: file })
      return { name, at, text: [`📎 ${fileName}`, text].filter(Boolean).join("\n") }
    }
    async function fileAt(path: string, name: string): Promise<FileAt | Unread["why"]> {
      const before = doing.sent.get(of.digest, path)
      if (before !== undefined) return { room: self, key: "", seq: before }
      const file = await doing.file(path, name)
      if (typeof file === "string") return file
      const { keys } = await doing.must("sendFiles", { room: self, files: [file] })
      const seq = keys[0] === undefined ? undefined : await doing.stored(self, keys[0])
      if (seq === undefined) return "file_not_included"
      doing.sent.set(of.digest, path, seq)
      count.files += 1
      return { room: self, key: "", seq }
    }
  }
  return { ...count, unread, stopped: doing.stopped() }
}
