/**
 * Telegram Desktop's export as JSON (`result.json`), of one chat or of all. Read loosely, because its fields are documented nowhere and
 * grow with every version: what is not understood is said, and the rest is kept.
 * Source of the names: the exporter itself, telegramdesktop/tdesktop, export/output/export_output_json.cpp.
 */
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Imported, type ImportedChat, type ImportedLine, insidePath, type Unread } from "./record.ts"

type Loose = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Loose =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const textIn = (value: unknown): string => (typeof value === "string" ? value : "")
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** `value`: the file's JSON. `not_an_export`: neither one chat nor all. */
export function readTelegram(value: unknown): Result<Imported, "not_an_export"> {
  if (!isObject(value)) return err("not_an_export")
  const lists = [value.chats, value.left_chats].filter(isObject).map(({ list }) => list)
  if (!Array.isArray(value.messages) && !lists.some(Array.isArray)) return err("not_an_export")
  const found = Array.isArray(value.messages) ? [value] : lists.flatMap(listIn)
  const unread: Unread[] = []
  const chats: ImportedChat[] = []
  for (const [i, chat] of found.entries()) {
    if (isObject(chat) && Array.isArray(chat.messages)) chats.push(chatOf(chat, i, unread))
    else unread.push({ chat: "", where: `chat ${i + 1}`, why: "not_a_message" })
  }
  return ok({ chats, unread })
}

function chatOf(chat: Loose, i: number, unread: Unread[]): ImportedChat {
  const name = textIn(chat.name) || (chat.type === "saved_messages" ? "Saved Messages" : `Telegram ${i + 1}`)
  const lines: ImportedLine[] = []
  for (const [n, message] of listIn(chat.messages).entries()) {
    const where =
      isObject(message) && typeof message.id === "number" ? `message ${message.id}` : `item ${n + 1}`
    const say = (why: Unread["why"]) => unread.push({ chat: name, where, why })
    if (!isObject(message)) {
      say("not_a_message")
      continue
    }
    const at = timeOf(message)
    if (at === undefined) {
      say("no_time")
      continue
    }
    if (message.type === "service") {
      lines.push({ at, from: "", text: serviceText(message) })
      continue
    }
    if (message.type !== "message") {
      say("unknown_kind")
      continue
    }
    const file = fileOf(message, say)
    const text = [forwarded(message), plainText(message.text), more(message)].filter(Boolean).join("\n")
    if (text === "" && !file) say("unknown_kind")
    else lines.push({ at, from: textIn(message.from) || "Deleted Account", text, ...(file ? { file } : {}) })
  }
  return { name, lines }
}

function timeOf({ date_unixtime: unix, date }: Loose): number | undefined {
  const seconds = typeof unix === "string" && /^\d{1,12}$/.test(unix) ? Number(unix) : undefined
  if (seconds !== undefined) return seconds * 1000
  // Older versions say the local time only: of the machine that exported, and taken as this one's.
  const local = typeof date === "string" ? Date.parse(date) : Number.NaN
  return Number.isFinite(local) && local >= 0 ? local : undefined
}

/** A text is a string, or pieces of which some are objects with their kind: links, mentions, code. */
function plainText(value: unknown): string {
  if (typeof value === "string") return value
  return listIn(value)
    .map((piece) => (isObject(piece) ? textIn(piece.text) : textIn(piece)))
    .join("")
}

const forwarded = ({ forwarded_from: from }: Loose) => (typeof from === "string" ? `↪ ${from}` : "")

/** Messages that are no words: a poll, a place, a contact. */
function more({
  poll,
  location_information: place,
  contact_information: contact,
  sticker_emoji,
}: Loose): string {
  if (isObject(poll))
    return [
      textIn(poll.question),
      ...listIn(poll.answers).map((one) => `○ ${isObject(one) ? plainText(one.text) : ""}`),
    ].join("\n")
  if (isObject(place)) return `📍 ${String(place.latitude)}, ${String(place.longitude)}`
  if (isObject(contact))
    return `👤 ${[contact.first_name, contact.last_name, contact.phone_number].map(textIn).filter(Boolean).join(" ")}`
  return textIn(sticker_emoji)
}

function fileOf(message: Loose, say: (why: Unread["why"]) => void): ImportedLine["file"] {
  const said = textIn(message.photo) || textIn(message.file)
  if (said === "") return undefined
  const named = textIn(message.file_name)
  // "(File not included. Change data exporting settings to download.)" and its like.
  if (said.startsWith("(")) {
    say("file_not_included")
    return { name: named || "file" }
  }
  const path = insidePath(said)
  if (path === undefined) {
    say("bad_path")
    return { name: named || "file" }
  }
  return { name: named || (path.split("/").at(-1) ?? "file"), path }
}

/** "pin_message", by whom: the other program's own word, which is better than nothing. */
const serviceText = ({ action, actor, title }: Loose) =>
  [textIn(actor), textIn(action).replaceAll("_", " "), textIn(title)].filter(Boolean).join(" · ")
