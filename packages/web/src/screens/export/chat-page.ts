/** A chat as one page: who is in it, what was said, and what was begun to be written. Every value passes `escaped`. */
import type { ChatToExport } from "@teahouse/client/view/port/export.ts"
import type { TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Text } from "../../text/en.ts"
import { escaped, linesOf, type PageStyle, pageAround } from "./page.ts"
import type { FilesOut } from "./record.ts"

type Chat = Pick<ChatToExport, "members" | "draft">

export const pageOf = (
  title: string,
  chat: Chat,
  lines: AsyncIterable<TimelineItem>,
  files: FilesOut,
  style: PageStyle,
): AsyncIterable<string> => pageAround(title, style, bodyOf(chat, lines, files, style))

async function* bodyOf(
  { members, draft }: Chat,
  lines: AsyncIterable<TimelineItem>,
  files: FilesOut,
  style: PageStyle,
): AsyncIterable<string> {
  const { text } = style
  if (members) yield membersOf(members, text)
  yield* linesOf(lines, files, style)
  if (draft !== undefined)
    yield `<article class="mine"><p class="note">${escaped(text.draftMark)}</p><p>${escaped(draft)}</p></article>\n`
}

function membersOf(members: NonNullable<Chat["members"]>, text: Text): string {
  const roles = { owner: text.roleOwner, admin: text.roleAdmin, member: "" }
  const lines = members.map(({ name, username, role, nick }) => {
    const notes = [roles[role], username === name ? "" : username, nick && text.exportNick(nick)]
    const note = notes.filter(Boolean).map((one) => ` <span class="note"><bdi>${escaped(one)}</bdi></span>`)
    return `<li><bdi>${escaped(name)}</bdi>${note.join("")}</li>`
  })
  return `<details><summary>${escaped(text.members)} (${members.length})</summary><ul>${lines.join("")}</ul></details>\n`
}
