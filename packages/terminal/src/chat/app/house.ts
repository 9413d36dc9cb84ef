/** The page that is there most of the time: chats at the left, one of them at the right, and the line that is written into. */
import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { plain } from "../../say/plain.ts"
import { rowsOf } from "../input/editor.ts"
import { accent, bold, faint, notice, warning } from "../screen/style.ts"
import type { Surface } from "../screen/surface.ts"
import { cut, wrap } from "../screen/width.ts"
import { drawAlarm } from "./alarm.ts"
import { drawChats } from "./chat-list.ts"
import { type Completion, complete, completionsOf } from "./complete.ts"
import { createComposer } from "./composer.ts"
import { type Conversation, createConversation } from "./conversation.ts"
import { hasNames, withEmoji } from "./emoji.ts"
import { searchPage, switchPage } from "./find.ts"
import { friendsPage } from "./friends.ts"
import { helpPage } from "./help.ts"
import { type Act, actOf } from "./keys.ts"
import { mentionsIn } from "./mentions.ts"
import { messageAct } from "./message-acts.ts"
import { titleBar } from "./parts.ts"
import { createPictures } from "./pictures.ts"
import type { Files } from "./saving.ts"
import type { Here, Page, Shell } from "./shell.ts"
import { runSlash } from "./slash.ts"

export type HousePage = Page & {
  /** The chat that is before the person's eyes. */
  room(): Id | undefined
  /** Drafts are written down. */
  flush(): Promise<void>
}

/** Rows of what is written; more scrolls. */
const WRITING = 6
const SMALLEST = { width: 40, height: 8 }

export function housePage(shell: Shell, files: Files): HousePage {
  const { words } = shell
  const pictures = createPictures(shell)
  const composer = createComposer(shell)
  let conversation: Conversation | undefined
  let completions: readonly Completion[] = []
  const chats = () => shell.live.view("roomList", undefined)
  const rooms = (): readonly RoomItem[] => chats()?.rooms ?? []
  const here = (): Here | undefined => {
    const value = conversation && shell.live.view("room", { room: conversation.room })
    return value?.state === "here" ? value : undefined
  }
  const titleOf = ({ kind, title }: Pick<RoomItem, "kind" | "title">) =>
    kind === "self" ? words.myself : plain(title)

  const going = {
    open(room: Id) {
      if (conversation?.room !== room) conversation = createConversation(shell, pictures, room)
      shell.redraw()
    },
    jump(room: Id, seq: number) {
      going.open(room)
      conversation?.jump(seq)
    },
  }
  const step = (by: number, unread: boolean) => {
    const all = rooms()
    const at = all.findIndex(({ room }) => room === conversation?.room)
    for (let n = 1; n <= all.length; n++) {
      const next = all[((((at < 0 && by < 0 ? 0 : at) + by * n) % all.length) + all.length) % all.length]
      if (next && (!unread || next.unread > 0 || next.habits.markedUnread)) return going.open(next.room)
    }
  }

  let sending: Promise<void> = Promise.resolve()
  const send = () => {
    if (!conversation) return
    const { room } = conversation
    const { editor, reply, edit } = composer.of(room)
    const { text } = editor
    if (text.trim() === "") return
    if (!edit && /^\/[^/\s]/.test(text) && !text.includes("\n")) {
      composer.clear(room)
      return runSlash(text, { shell, files, going, here: here(), open: (page) => shell.open(page) })
    }
    const members = here()?.kind === "group" ? (here()?.members ?? []) : []
    // The line is free at once, for whoever writes on: what is typed now belongs to the next message.
    const taken = composer.clear(room)
    const before = sending
    const send = async () => {
      // In the order in which it was written, also where a name has to become its emoji first.
      await before
      const named = hasNames(text) ? (await withEmoji({ text, at: text.length })).text : text
      const body = named.startsWith("//") ? named.slice(1) : named
      const mentions = mentionsIn(body, members, words.everyone)
      const said = { room, text: body, ...(mentions.length > 0 ? { mentions } : {}) }
      const done = edit
        ? await shell.ask("editMessage", { ...said, seq: edit.seq })
        : await shell.ask("send", { ...said, ...(reply ? { reply: reply.seq } : {}) })
      // What was refused is where it was written.
      if (done === undefined) composer.giveBack(room, taken)
      else if (!edit && conversation?.room === room) conversation.toEnd()
      shell.redraw()
    }
    sending = send()
    shell.run(() => sending)
  }

  const act = (what: Act): boolean => {
    switch (what) {
      case "quit":
        shell.quit()
        return true
      case "help":
        shell.open(helpPage(shell))
        return true
      case "friends":
        shell.open(friendsPage(shell, going))
        return true
      case "search":
        shell.open(searchPage(shell, going))
        return true
      case "searchHere": {
        const room = here()
        shell.open(searchPage(shell, going, room && { id: room.room, title: titleOf(room) }))
        return true
      }
      case "switch":
        shell.open(switchPage(shell, going))
        return true
      case "previous":
      case "next":
        step(what === "next" ? 1 : -1, false)
        return true
      case "previousUnread":
      case "nextUnread":
        step(what === "nextUnread" ? 1 : -1, true)
        return true
      case "pageUp":
      case "pageDown":
        conversation?.page(what === "pageUp")
        return true
      case "bottom":
        conversation?.toEnd()
        return true
      case "back": {
        const writing = conversation && composer.of(conversation.room)
        if (conversation && writing?.edit) composer.clear(conversation.room)
        else if (conversation && writing?.reply) {
          writing.reply = undefined
          composer.changed(conversation.room)
        } else conversation?.toEnd()
        return true
      }
      default:
        return false
    }
  }

  /** Keys of the line, before the editor has them. */
  const writingKey = (name: string): boolean => {
    if (!conversation) return false
    const { room } = conversation
    const writing = composer.of(room)
    switch (actOf("writing", name)) {
      case "send":
        send()
        return true
      case "complete":
        if (completions[0]) {
          writing.editor = complete(writing.editor, completions[0])
          composer.changed(room)
        }
        return true
      case "select":
        if (writing.editor.text !== "") return false
        conversation.choose(-1)
        return true
      case "history":
        composer.history(room)
        return true
      default:
        return false
    }
  }

  const page: HousePage = {
    room: () => conversation?.room,
    flush: () => composer.flush(),
    draw(surface) {
      const { width, height } = surface
      if (width < SMALLEST.width || height < SMALLEST.height) {
        for (const [y, line] of wrap(words.tooSmall, width).entries()) surface.put(0, y, line)
        return
      }
      const all = rooms()
      if (!conversation && all[0]) going.open(all[0].room)
      const session = shell.live.view("session", undefined)
      const name = session?.state === "signed_in" ? ` · ${plain(session.nickname || session.username)}` : ""
      titleBar(surface, `Teahouse 茶馆${name}`, statusOf(shell))
      const top = drawAlarm(surface, shell)
      const list = width >= 110 ? 34 : width >= 70 ? 24 : width >= 56 ? 18 : 0
      if (list > 0) {
        const box = { x: 0, y: top, width: list, height: height - 1 - top }
        drawChats(surface, box, all, conversation?.room, shell)
        for (let y = top; y < height - 1; y++) surface.put(list, y, "│", faint)
      }
      const x = list > 0 ? list + 1 : 0
      if (conversation) drawChat(surface, { x, y: top, width: width - x }, conversation)
      else {
        const none = chats()?.coming ? words.chatsComing : words.noChats
        const note = all.length === 0 ? none : words.pickChat
        surface.put(x + 2, top + 2, cut(note, width - x - 3), faint)
      }
    },
    input(input) {
      const key = input.type === "key" ? input.name : ""
      const chosen = conversation?.chosen()
      if (conversation && chosen) {
        const letter = input.type === "text" ? input.text.toLowerCase() : key
        const what = actOf("message", letter)
        if (letter === "escape") conversation.letGo()
        else if (what === "up" || what === "down") conversation.choose(what === "up" ? -1 : 1)
        else if (what) messageAct(what, chosen, { shell, files, conversation, composer })
        else if (input.type === "text" || input.type === "paste") {
          conversation.letGo()
          composer.input(conversation.room, input)
        } else return act(actOf("chat", key) as Act)
        return true
      }
      const empty = !conversation || composer.of(conversation.room).editor.text === ""
      if (input.type === "text" && input.text === "?" && empty) return act("help")
      if (key !== "" && writingKey(key)) return true
      const what = actOf("chat", key)
      if (what && act(what)) return true
      if (!conversation) return false
      const used = composer.input(conversation.room, input)
      if (input.type === "text") nameEmoji(conversation.room)
      return used
    },
  }

  /** `:tea:` becomes what it names when its second colon is written. */
  function nameEmoji(room: Id) {
    const writing = composer.of(room)
    const { editor } = writing
    if (!hasNames(editor.text.slice(0, editor.at))) return
    shell.run(async () => {
      const next = await withEmoji(editor)
      // Whoever writes faster than it is loaded: it is looked for again with the next sign, and when it is sent.
      if (writing.editor === editor) writing.editor = next
      shell.redraw()
    })
  }

  function drawChat(
    surface: Surface,
    { x, y: first, width }: { x: number; y: number; width: number },
    chat: Conversation,
  ): void {
    const room = here()
    composer.load(chat.room, shell.live.view("composer", { room: chat.room }))
    const writing = composer.of(chat.room)
    const end = x + width
    const bottom = surface.height - 1
    if (room) {
      const title = surface.put(x + 1, first, cut(titleOf(room), width - 16), bold)
      surface.put(title + 2, first, cut(detailOf(room), end - title - 3), faint)
    }
    const { rows, x: cx, y: cy } = rowsOf(writing.editor, Math.max(4, width - 4))
    const shown = Math.min(rows.length, WRITING, Math.max(1, bottom - 7 - first))
    const from = Math.max(0, Math.min(cy - shown + 1, rows.length - shown))
    completions = completionsOf(
      writing.editor,
      room?.kind === "group" ? room.members : undefined,
      shell.redraw,
    )
    const above: (readonly [string, typeof faint])[] = []
    if (room?.changed) above.push([words.identity(plain(room.title)), warning])
    if (writing.edit) above.push([words.editing, notice])
    if (writing.reply) above.push([words.replyTo(writing.reply.name, writing.reply.text), notice])
    if (completions.length > 0)
      above.push([completions.map(({ shown }, n) => (n === 0 ? `Tab ${shown}` : shown)).join("  "), accent])
    const top = bottom - shown - above.length - 1
    const typing = shell.live.view("typing", { room: chat.room })?.people ?? []
    chat.draw(surface, { x, y: first + 1, width, height: Math.max(1, top - first - 1) })
    surface.put(x, top, "─".repeat(width), faint)
    if (typing.length > 0)
      surface.put(
        x + 2,
        top,
        cut(` ${words.typing(typing.map(({ name }) => plain(name)).join(", "))} `, width - 4),
        faint,
      )
    for (const [n, [text, style]] of above.entries())
      surface.put(x + 1, top + 1 + n, cut(plain(text), width - 2), style)
    const y = top + 1 + above.length
    const chosen = chat.chosen()
    surface.put(x + 1, y, "›", chosen ? faint : accent)
    for (const [n, row] of rows.slice(from, from + shown).entries()) surface.put(x + 3, y + n, row, {}, end)
    if (writing.editor.text === "") {
      const why = room && !room.writable ? closedWhy(room) : words.writeHere(room ? titleOf(room) : "")
      surface.put(x + 3, y, cut(why, width - 4), faint)
    }
    if (!chosen) surface.cursor = { x: x + 3 + cx, y: y + cy - from }
    surface.put(1, bottom, cut(chosen ? words.messageHint : words.bottomHint, surface.width - 2), faint)
  }

  function detailOf(room: Here): string {
    const parts: string[] = []
    if (room.kind === "group") parts.push(words.members(room.members.length))
    if (room.online) parts.push(words.online)
    if (room.verified) parts.push(words.verified)
    if (room.announcement) parts.push(plain(room.announcement))
    return parts.join(" · ")
  }
  const closedWhy = ({ closed }: Here): string =>
    closed === "frozen"
      ? words.closedFrozen
      : closed === "removed"
        ? words.closedRemoved
        : closed === "joining"
          ? words.closedJoining
          : words.closed
  return page
}

function statusOf({ live, words }: Shell): string {
  const connection = live.view("connection", undefined)
  const { restoring } = live.view("safekeeping", undefined) ?? {}
  if (!connection) return words.connecting
  if (connection.otherVersion) return words.otherVersion
  if (connection.state === "connecting") return words.connecting
  if (connection.state === "offline")
    return connection.waiting > 0 ? words.offlineWaiting(connection.waiting) : words.offline
  if (connection.waiting > 0) return words.waiting(connection.waiting)
  return restoring ? words.restoring(restoring.left) : ""
}
