/**
 * What an export of another program becomes before anything of it is kept: chats with their lines in the order of the export, and
 * everything that could not be read, by name. Nothing is left out silently: each message of the export is a line or an `Unread`.
 */
export type ImportedLine = {
  /** ms UTC, as the export says it. */
  readonly at: number
  /** As the other program called them; empty where it says nobody (a line of the program itself). */
  readonly from: string
  readonly text: string
  /** `path`: inside of the export, with slashes; absent where the export does not hold the file. */
  readonly file?: { readonly name: string; readonly path?: string }
}

export type ImportedChat = { readonly name: string; readonly lines: readonly ImportedLine[] }

export type UnreadWhy =
  /** It is nothing that such an export has. */
  | "not_a_message"
  | "no_time"
  /** A kind of message that this program does not know. */
  | "unknown_kind"
  /** The export names a file that it does not hold. */
  | "file_not_included"
  /** A path that leads out of the export. */
  | "bad_path"
  /** A file of an archive that is not what the archive says that it is. */
  | "damaged"
  /** A file of more than 512 MB. */
  | "too_large"

/** `where`: the message's number or the line in the export. */
export type Unread = { readonly chat: string; readonly where: string; readonly why: UnreadWhy }

export type Imported = {
  readonly chats: readonly ImportedChat[]
  readonly unread: readonly Unread[]
  /** Of a WhatsApp export: in which order its dates were read, and whether another one would fit as well. */
  readonly dates?: { readonly order: "ymd" | "dmy" | "mdy"; readonly sure: boolean }
}

export const isArchive = (name: string): boolean => /\.zip$/i.test(name)

/** A path that stays inside of the export, in one spelling; undefined where it does not. */
export function insidePath(text: string): string | undefined {
  const parts = text.replaceAll("\\", "/").split("/")
  const bad = (part: string) => part === "" || part === "." || part === ".." || /[\0:]/.test(part)
  return parts.some(bad) ? undefined : parts.join("/")
}
