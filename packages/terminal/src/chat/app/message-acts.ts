/** What is done with the message that is chosen. */
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import { said } from "@teahouse/client/words/said.ts"
import { sentenceOf } from "../../say/sentences.ts"
import { editorOf } from "../input/editor.ts"
import type { Composer } from "./composer.ts"
import type { Conversation } from "./conversation.ts"
import { emojiNow } from "./emoji.ts"
import { confirmPage } from "./form.ts"
import type { Act } from "./keys.ts"
import { forwardPage, votePage } from "./more-acts.ts"
import { pickPage } from "./pick.ts"
import { picturePage } from "./picture-page.ts"
import { type Files, saveFile } from "./saving.ts"
import type { Shell } from "./shell.ts"

type Parts = {
  readonly shell: Shell
  readonly files: Files
  readonly conversation: Conversation
  readonly composer: Composer
}

const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "🍵"]

export function messageAct(
  act: Act,
  item: MessageItem,
  { shell, files, conversation, composer }: Parts,
): void {
  const { words } = shell
  const { room } = conversation
  const { key } = item
  // What a restored house has lost can be read, and nothing be done with it.
  const seq = item.lost ? undefined : item.seq
  const at = { room, key, ...(seq === undefined ? {} : { seq }) }
  const over = () => conversation.letGo()
  switch (act) {
    case "reply":
      if (seq === undefined) return
      composer.of(room).reply = { seq, name: item.mine ? words.you : item.from.name, text: said(item, words) }
      composer.changed(room)
      over()
      return
    case "react":
      if (seq !== undefined) shell.open(reactPage(shell, room, item, seq))
      over()
      return
    case "edit": {
      if (seq === undefined || !item.may.edit) {
        shell.say(sentenceOf("not_yours")[shell.tongue], true)
        return
      }
      const writing = composer.of(room)
      writing.edit = { seq, before: writing.edit?.before ?? writing.editor }
      writing.editor = editorOf(item.text)
      over()
      return
    }
    case "recall":
      if (seq === undefined || !item.may.recall) {
        shell.say(sentenceOf(item.mine ? "too_late" : "not_yours")[shell.tongue], true)
        return
      }
      shell.open(
        confirmPage(shell, words.recallAsk, () =>
          shell.run(async () => void (await shell.ask("recall", { room, seq }))),
        ),
      )
      over()
      return
    case "deleteForMe":
      if (seq !== undefined)
        shell.run(async () => void (await shell.ask("deleteForMe", { room, seqs: [seq] })))
      over()
      return
    case "again":
    case "discard":
      if (item.delivery === "refused")
        shell.run(async () => void (await shell.ask(act === "again" ? "resend" : "discard", { room, key })))
      over()
      return
    case "save":
      if (item.body.kind !== "file") {
        shell.say(words.noFile, true)
        return
      }
      shell.run(async () => {
        const saved = await saveFile(files.client, at, files.folder())
        if (saved.ok) shell.say(words.saved(saved.value))
        else shell.say(words.notSaved(saved.error), true)
      })
      return
    case "openMessage":
      if (item.body.kind === "file" && item.body.file.media?.kind === "image")
        shell.open(picturePage(shell, files, at, item.body.file.name))
      else if (item.reply && !item.reply.gone) conversation.jump(item.reply.seq)
      return
    case "forward":
      if (seq !== undefined) shell.open(forwardPage(shell, room, seq))
      over()
      return
    case "vote": {
      const page = seq === undefined ? undefined : votePage(shell, room, item, seq)
      if (page) shell.open(page)
      else shell.say(words.noPoll, true)
      over()
      return
    }
    case "keepSticker":
      if (item.body.kind !== "sticker" || seq === undefined) {
        shell.say(words.noSticker, true)
        return
      }
      shell.run(async () => {
        if (await shell.ask("addSticker", { from: at })) shell.say(words.stickerKept)
      })
      over()
      return
    case "who":
      if (seq !== undefined && item.mine) shell.open(whoPage(shell, room, seq))
      return
    default:
      return
  }
}

const reactPage = (shell: Shell, room: Conversation["room"], item: MessageItem, seq: number) =>
  pickPage(shell, {
    title: shell.words.reactWith,
    rows(query) {
      const word = query.trim().replace(/^:|:$/g, "")
      const emoji = emojiNow(shell.redraw)
      const found = word === "" ? [] : (emoji?.search(word, 40) ?? [])
      const own = item.reactions.filter(({ mine }) => mine).map((one) => one.emoji)
      const quick = [...new Set([...own, ...QUICK])].map((one) => ({ emoji: one, name: "" }))
      return {
        rows: (word === "" ? quick : found).map(({ emoji: one, name }) => ({
          id: one,
          label: `${one}  ${name}`,
          ...(own.includes(one) ? { mark: "✓" } : {}),
        })),
        note: shell.words.noneFound,
      }
    },
    pick([emoji]) {
      if (!emoji) return
      const on = !item.reactions.some((one) => one.emoji === emoji && one.mine)
      shell.run(async () => void (await shell.ask("react", { room, seq, emoji, on })))
    },
  })

function whoPage(shell: Shell, room: Conversation["room"], seq: number) {
  const { words } = shell
  return pickPage(
    shell,
    {
      title: words.whoRead,
      rows() {
        const { read = [], delivered = [], waiting = [] } = shell.live.view("receipts", { room, seq }) ?? {}
        const part = (id: string, label: string, people: typeof read) => [
          { id, label: `${label}  ${people.length}`, heading: true },
          ...people.map(({ user, name }) => ({ id: `${id}${user}`, label: name })),
        ]
        return {
          rows: [
            ...part("r", words.readByNames, read),
            ...part("d", words.deliveredTo, delivered),
            ...part("w", words.notYet, waiting),
          ],
        }
      },
      pick: () => {},
    },
    true,
  )
}
