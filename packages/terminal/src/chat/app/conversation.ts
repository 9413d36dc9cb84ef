/** One chat: its window on the history, where it is scrolled to, and which message is chosen. */
import type { MessageItem, Timeline } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { accent, faint, notice } from "../screen/style.ts"
import type { Box, Surface } from "../screen/surface.ts"
import { widthOf } from "../screen/width.ts"
import { type Entry, entriesOf, type Line } from "./lines.ts"
import type { Pictures } from "./pictures.ts"
import type { Shell } from "./shell.ts"

export type Conversation = {
  readonly room: Id
  draw(surface: Surface, box: Box): void
  scroll(rows: number): void
  page(up: boolean): void
  toEnd(): void
  /** True where it was scrolled away from the latest. */
  away(): boolean
  jump(seq: number): void
  chosen(): MessageItem | undefined
  /** Chooses the one above or below; below the last none is chosen any more. */
  choose(by: number): void
  letGo(): void
}

const WINDOW = 120
/** Lines in memory while one scrolls up from the end; further up the window moves. */
const MOST = 1_200

export function createConversation(shell: Shell, pictures: Pictures, room: Id): Conversation {
  let around: "end" | "unread" | number = "unread"
  let limit = WINDOW
  let shown: Timeline | undefined
  let entries: readonly Entry[] = []
  /** The line at the bottom; undefined follows the latest. */
  let anchor: { readonly key: string; readonly row: number } | undefined
  let chosen: string | undefined
  /** To be brought into view when it is there. */
  let wanted: number | undefined
  let [height, opened, toldRead] = [10, false, 0]

  const flat = () => entries.flatMap(({ key, lines }) => lines.map((_, row) => ({ key, row })))
  const find = (all: ReturnType<typeof flat>) => {
    const at = anchor ? all.findIndex((one) => one.key === anchor?.key && one.row === anchor.row) : -1
    if (at >= 0) return at
    const near = anchor ? all.findLastIndex((one) => one.key === anchor?.key) : -1
    return near >= 0 ? near : all.length - 1
  }
  const settle = (bottom: number, all = flat()) => {
    const least = Math.min(height, all.length) - 1
    const at = Math.max(least, Math.min(all.length - 1, bottom))
    anchor = at >= all.length - 1 && shown?.atEnd ? undefined : all[at]
    if (at - height <= 2 && shown && !shown.atStart) further(false)
    if (at >= all.length - 1 && shown && !shown.atEnd) further(true)
  }
  /** More of the history, in this direction. */
  const further = (later: boolean) => {
    if (!shown || shown.items.length === 0) return
    const toEnd = around === "end" || (around === "unread" && shown.atEnd && !later)
    if (toEnd && limit < MOST) {
      around = "end"
      limit = Math.min(limit + WINDOW, MOST)
      return
    }
    // The window moves instead of growing: half of it stays, and with it the line that one looks at.
    limit = Math.max(limit, 4 * WINDOW)
    around = later ? shown.last : shown.first
  }
  const inView = (key: string) => {
    const all = flat()
    const last = all.findLastIndex((one) => one.key === key)
    const first = all.findIndex((one) => one.key === key)
    const bottom = find(all)
    if (last < 0) return
    if (first <= bottom - height) settle(first + height - 1, all)
    else if (last > bottom) settle(last, all)
    else if (first < height) settle(bottom, all)
  }
  const messages = () => entries.flatMap(({ item }) => (item ? [item] : []))

  return {
    room,
    draw(surface, box) {
      height = box.height
      const { words, style, tongue, now } = shell
      const timeline = shell.live.view("timeline", { room, around, limit })
      if (timeline) shown = timeline
      if (!shown) return
      const laying = {
        words,
        style,
        now,
        zh: tongue === "zh",
        width: box.width,
        picture: pictures.of(room, box),
      }
      entries = entriesOf(shown, laying)
      const all = flat()
      if (!opened && timeline) {
        opened = true
        const unread = all.findIndex((one) => one.key === "unread")
        if (unread >= 0 && all.length - unread > height) settle(unread + height - 1, all)
      }
      if (wanted !== undefined && timeline) {
        const key = messages().find((one) => (one.seq ?? 0) >= (wanted ?? 0))?.key
        if (key !== undefined) {
          chosen = key
          const at = all.findIndex((one) => one.key === key)
          anchor = all[Math.min(all.length - 1, at + Math.floor(height / 2))]
          wanted = undefined
        }
      }
      const bottom = Math.max(find(all), Math.min(height, all.length) - 1)
      const first = Math.max(0, bottom - height + 1)
      if (all.length === 0) surface.put(box.x + 1, box.y, words.emptyChat, faint)
      const lines = entries.flatMap((entry) => entry.lines.map((line) => ({ line, entry })))
      const top = box.y + Math.max(0, height - (bottom - first + 1))
      let lastSeq = 0
      for (const [n, { line, entry }] of lines.slice(first, bottom + 1).entries()) {
        drawLine(
          surface,
          { ...box, y: top + n, height: box.y + height - top - n },
          line,
          entry.key === chosen,
        )
        lastSeq = Math.max(lastSeq, entry.item?.seq ?? 0)
      }
      if (first > 0 && shown) corner(surface, box, box.y, words.older)
      if (anchor) corner(surface, box, box.y + height - 1, words.newer(shown.unread))
      if (!anchor && shown.atEnd) lastSeq = Math.max(lastSeq, ...shown.items.map(({ seq = 0 }) => seq))
      if (shown.unread > 0 && shell.looking() && lastSeq > toldRead) {
        toldRead = lastSeq
        const seq = lastSeq
        shell.run(async () => void (await shell.port.command("markRead", { room, seq })))
      }
    },
    scroll(rows) {
      const all = flat()
      settle(find(all) + rows, all)
    },
    page(up) {
      const all = flat()
      settle(find(all) + (up ? -1 : 1) * Math.max(1, height - 2), all)
    },
    toEnd() {
      anchor = undefined
      chosen = undefined
      if (!shown?.atEnd) [around, limit] = ["end", WINDOW]
    },
    away: () => anchor !== undefined,
    jump(seq) {
      around = seq
      wanted = seq
      opened = true
    },
    chosen: () => messages().find(({ key }) => key === chosen),
    choose(by) {
      const all = messages()
      const here = all.findIndex(({ key }) => key === chosen)
      const next = here < 0 ? (by < 0 ? all.length - 1 : -1) : here + by
      if (next >= all.length) chosen = undefined
      else chosen = all[Math.max(0, next)]?.key
      if (chosen !== undefined) inView(chosen)
    },
    letGo() {
      chosen = undefined
    },
  }
}

function drawLine(surface: Surface, box: Box, line: Line, chosen: boolean): void {
  const end = box.x + box.width
  const width = line.parts.reduce((sum, [text]) => sum + widthOf(text), 0)
  let x = box.x + (line.centre ? Math.max(0, Math.floor((box.width - width) / 2)) : 1)
  if (chosen) surface.put(box.x, box.y, "▌", accent)
  for (const [text, style] of line.parts) x = surface.put(x, box.y, text, style, end)
  if (line.blocks) {
    x = box.x + 3
    for (const style of line.blocks) x = surface.put(x, box.y, "▀", style, end)
    const { picture } = line
    // Cut by the edge it stays in half blocks.
    if (picture?.native && picture.rows <= box.height) {
      const area = { x: box.x + 3, y: box.y, width: picture.columns, height: picture.rows }
      surface.pictures.push({ ...area, ...picture.native, name: picture.native.data })
    }
  }
  if (line.right) {
    const [text, style] = line.right
    surface.put(Math.max(x + 1, end - widthOf(text) - 1), box.y, text, style, end)
  }
}

const corner = (surface: Surface, box: Box, y: number, text: string) =>
  surface.put(box.x + box.width - widthOf(text) - 1, y, text, notice)
