/** An export's main file, by its name and bytes: which program's it is, and what it holds. Anything broken is said whole: then nothing is imported. */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { ImportOf } from "../view/port/imports.ts"
import type { Imported } from "./record.ts"
import { readTelegram } from "./telegram.ts"
import { readWhatsApp } from "./whatsapp.ts"

export type Parsed = { readonly source: ImportOf["source"]; readonly read: Imported }
/** `cut_off`: a JSON that ends too early or is none. `not_utf8`: a text in another encoding, or no text. */
export type NoExport =
  | "not_an_export"
  | "cut_off"
  | "not_utf8"
  /** Or an archive that unpacks to far more than an export does. */
  | "too_large"
  /** An archive that cannot be read. */
  | "damaged_archive"
  /** An archive with a password. */
  | "locked_archive"

/** Larger ones are no export of chats: the text alone of a million messages is a tenth of that. */
export const EXPORT_MAX_BYTES = 512 * 1024 * 1024

/** `name`: of the file; `folder`: of where it lies, for exports that are called like every other. */
export function parseExport(name: string, folder: string, bytes: Uint8Array): Result<Parsed, NoExport> {
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return err("not_utf8")
  }
  const [, bare = name, ending = ""] = /^(.*?)(\.\w+)?$/s.exec(name) ?? []
  if (ending.toLowerCase() !== ".json") {
    const read = readWhatsApp(text, chatName(bare === "_chat" ? folder : bare))
    return read.ok ? ok({ source: "whatsapp", read: read.value }) : read
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return err("cut_off")
  }
  const read = readTelegram(json)
  return read.ok ? ok({ source: "telegram", read: read.value }) : read
}

/** As a file or folder of an export is called, also the second time that it was saved. */
const chatName = (called: string): string =>
  called.replace(/ ?\(\d{1,3}\)$/, "").replace(/^WhatsApp Chat (?:with|-) |^与|的 ?WhatsApp ?聊天$/g, "")

/** Which of a folder's files is the export; undefined: none, or nobody can tell. */
export function exportAmong(names: readonly string[]): string | undefined {
  const texts = names.filter((name) => name.toLowerCase().endsWith(".txt"))
  const chat = texts.find((name) => name === "_chat.txt") ?? texts.find((name) => /whatsapp/i.test(name))
  return names.find((one) => one === "result.json") ?? chat ?? (texts.length === 1 ? texts[0] : undefined)
}
