/** The chats at the left: a row each, or two where there is room, the one that is open and what is unread. */
import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"
import { said } from "@teahouse/client/words/said.ts"
import { rowTime } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { plain } from "../../say/plain.ts"
import { bold, chosen, faint, notice, type Style, warning } from "../screen/style.ts"
import type { Box, Surface } from "../screen/surface.ts"
import { cut, widthOf } from "../screen/width.ts"
import type { Shell } from "./shell.ts"

/** From this width on a chat has two rows. */
const ROOMY = 28

export function drawChats(
  surface: Surface,
  box: Box,
  rooms: readonly RoomItem[],
  open: Id | undefined,
  shell: Shell,
): void {
  const rows = box.width >= ROOMY ? 2 : 1
  const fit = Math.max(1, Math.floor(box.height / rows))
  const at = Math.max(
    0,
    rooms.findIndex(({ room }) => room === open),
  )
  const first = Math.max(0, Math.min(at - Math.floor(fit / 2), rooms.length - fit))
  for (const [n, item] of rooms.slice(first, first + fit).entries())
    drawChat(surface, { ...box, y: box.y + n * rows, height: rows }, item, item.room === open, shell)
}

function drawChat(surface: Surface, box: Box, item: RoomItem, open: boolean, shell: Shell): void {
  const { words, style, now } = shell
  const base: Style = open ? chosen : {}
  const end = box.x + box.width
  surface.fill(box, base)
  const muted = item.habits.level === "none"
  const count =
    item.unread > 0 ? (muted ? "·" : String(Math.min(item.unread, 999))) : item.habits.markedUnread ? "●" : ""
  const time = item.last ? rowTime(item.last.at, now(), style) : ""
  const roomy = box.height > 1
  const right = roomy ? time : count
  const title = item.kind === "self" ? words.myself : plain(item.title)
  const loud = count !== "" && !muted
  const space = box.width - widthOf(right) - 3
  surface.put(box.x + 1, box.y, cut(`${item.habits.pinned ? "▴" : ""}${title}`, space), {
    ...base,
    ...(loud ? bold : {}),
  })
  const countStyle: Style = muted ? { ...base, ...faint } : { ...base, ...bold, ...(open ? {} : notice) }
  surface.put(
    end - widthOf(right) - 1,
    box.y,
    right,
    roomy ? { ...base, ...(open ? {} : faint) } : countStyle,
  )
  if (!roomy) return
  const [mark, markStyle]: [string, Style] = item.mentioned
    ? [`${words.mentioned} `, warning]
    : item.draft !== "" && !open
      ? [`${words.draft} `, warning]
      : ["", {}]
  const x = surface.put(box.x + 1, box.y + 1, mark, { ...base, ...markStyle })
  const text = cut(lastText(item, open, shell), end - x - widthOf(count) - 2)
  surface.put(x, box.y + 1, text, { ...base, ...(open ? {} : faint) })
  surface.put(end - widthOf(count) - 1, box.y + 1, count, countStyle)
}

function lastText({ last, draft }: RoomItem, open: boolean, { words }: Shell): string {
  if (draft !== "" && !open) return plain(draft)
  if (!last) return ""
  if (last.recalled) return last.mine ? words.eventRecalledMine : words.eventRecalled(plain(last.from ?? ""))
  if (last.blocked) return words.blockedSaid
  return plain(`${last.from ? `${last.from}: ` : ""}${said(last, words)}`)
}
