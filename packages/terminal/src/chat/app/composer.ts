/** What is being written in each chat: text, what it answers or edits, what was written before. Drafts are kept by the client core. */
import type { Draft } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Input } from "../input/decode.ts"
import { type Editor, edit, editorOf, emptyEditor, insert } from "../input/editor.ts"
import type { Shell } from "./shell.ts"

export type Writing = {
  editor: Editor
  reply?: { readonly seq: number; readonly name: string; readonly text: string } | undefined
  /** The text before the edit comes back after it. */
  edit?: { readonly seq: number; readonly before: Editor } | undefined
}

export type Composer = {
  /** What is written in this chat; a draft that is kept comes into it when it is first asked for. */
  of(room: Id): Writing
  load(room: Id, draft: Draft | undefined): void
  input(room: Id, input: Input): boolean
  changed(room: Id): void
  /** What was sent or thrown away; `history` gives it back. Returns what was there. */
  clear(room: Id): Writing
  /** What `clear` took, where it could not be sent: before what was written since. */
  giveBack(room: Id, taken: Writing): void
  history(room: Id): void
  /** Writes down what was not written down yet. */
  flush(): Promise<void>
}

const KEEP_MS = 500
const TYPING_MS = 4_000
const PAST = 50

export function createComposer(shell: Pick<Shell, "port" | "run" | "now">): Composer {
  const writings = new Map<Id, Writing>()
  const loaded = new Set<Id>()
  const waiting = new Map<Id, NodeJS.Timeout>()
  const past: string[] = []
  let [back, typedAt] = [0, 0]

  const of = (room: Id): Writing => {
    const one = writings.get(room) ?? { editor: emptyEditor }
    writings.set(room, one)
    return one
  }
  const keep = async (room: Id) => {
    clearTimeout(waiting.get(room))
    waiting.delete(room)
    const { editor, edit: editing, reply } = of(room)
    const text = (editing?.before ?? editor).text
    await shell.port.command("setDraft", { room, text, reply: editing ? null : (reply?.seq ?? null) })
  }
  const changed = (room: Id) => {
    loaded.add(room)
    clearTimeout(waiting.get(room))
    waiting.set(
      room,
      setTimeout(() => shell.run(() => keep(room)), KEEP_MS),
    )
  }
  const typing = (room: Id, on: boolean) => {
    const now = shell.now()
    if (on && now - typedAt < TYPING_MS) return
    if (!on && typedAt === 0) return
    typedAt = on ? now : 0
    shell.run(async () => void (await shell.port.command("setTyping", { room, on })))
  }
  return {
    of,
    changed,
    load(room, draft) {
      if (!draft || loaded.has(room)) return
      loaded.add(room)
      const text = draft.edit ? draft.edit.stashed : draft.draft
      const writing = of(room)
      if (writing.editor.text === "") writing.editor = editorOf(text)
      if (draft.reply && !draft.edit)
        writing.reply = { seq: draft.reply.seq, name: draft.reply.from.name, text: draft.reply.text }
    },
    input(room, input) {
      const writing = of(room)
      if (input.type === "text" || input.type === "paste") {
        // Tabs and the like of a paste have no place in a line of cells.
        const text = input.text.replace(/\t/g, "    ").replace(/(?!\n)\p{Cc}/gu, "")
        writing.editor = insert(writing.editor, text)
      } else {
        const next = input.type === "key" ? edit(writing.editor, input.name) : undefined
        if (!next) return false
        writing.editor = next
      }
      back = 0
      changed(room)
      typing(room, writing.editor.text !== "" && !writing.editor.text.startsWith("/"))
      return true
    },
    clear(room) {
      const writing = of(room)
      const taken = { ...writing }
      const { text } = writing.editor
      if (text !== "" && past.at(-1) !== text) past.push(text)
      if (past.length > PAST) past.shift()
      back = 0
      writing.editor = writing.edit?.before ?? emptyEditor
      writing.reply = undefined
      writing.edit = undefined
      changed(room)
      typing(room, false)
      return taken
    },
    giveBack(room, taken) {
      const now = of(room)
      const { text } = now.editor
      // The text that an edit had put aside is back in the line already.
      const free = text === (taken.edit?.before.text ?? "") && !now.reply && !now.edit
      writings.set(room, free ? taken : { ...now, editor: editorOf(`${taken.editor.text}\n${text}`) })
      changed(room)
    },
    history(room) {
      back = Math.min(past.length, back + 1)
      const text = past.at(-back)
      if (text !== undefined) of(room).editor = editorOf(text)
      changed(room)
    },
    async flush() {
      for (const room of [...waiting.keys()]) await keep(room)
    },
  }
}
