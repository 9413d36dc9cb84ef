/** Voting, forwarding and stickers: lists to choose from. A sticker is named by its number, newest first, as the page has them. */
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { plain } from "../../say/plain.ts"
import { pickPage } from "./pick.ts"
import type { Here, Page, Shell } from "./shell.ts"

const END = "end"

/** What was chosen before is marked; the same again takes the vote back. Whoever asked may end it. */
export function votePage(shell: Shell, room: Id, item: MessageItem, seq: number): Page | undefined {
  if (item.body.kind !== "poll") return undefined
  const { words } = shell
  const { question, options, multiple, ended } = item.body.poll
  if (ended) return undefined
  const mine = options.flatMap((one, at) => (one.mine ? [at] : []))
  return pickPage(shell, {
    title: plain(question),
    hint: multiple ? words.chooseMany : words.chooseOne,
    ...(multiple ? { many: true } : {}),
    rows: (query) => ({
      rows: [
        ...options.map((one, at) => ({
          id: String(at),
          label: plain(one.text),
          detail: `${one.mine ? "✓ " : ""}${one.people.length}`,
        })),
        ...(item.mine ? [{ id: END, label: words.pollEnd }] : []),
      ].filter(({ label }) => label.includes(query.trim())),
      note: words.noneFound,
    }),
    pick(ids) {
      shell.run(async () => {
        if (ids.includes(END)) return void (await shell.ask("endPoll", { room, seq }))
        const chosen = ids.map(Number)
        const same = chosen.length === mine.length && chosen.every((one) => mine.includes(one))
        await shell.ask("vote", { room, seq, choices: same ? [] : chosen })
      })
    },
  })
}

export const forwardPage = (shell: Shell, room: Id, seq: number): Page =>
  pickPage(shell, {
    title: shell.words.forwardTo,
    many: true,
    rows(query) {
      const word = query.trim().toLowerCase()
      const rooms = shell.live.view("roomList", undefined)?.rooms ?? []
      return {
        rooms,
        rows: rooms
          .map(({ room: id, kind, title }) => ({
            id,
            label: kind === "self" ? shell.words.myself : plain(title),
          }))
          .filter(({ label }) => label.toLowerCase().includes(word)),
        note: shell.words.noneFound,
      }
    },
    pick(to) {
      if (to.length === 0) return
      shell.run(async () => {
        const done = await shell.ask("forward", { room, seqs: [seq], to: to as Id[], bundled: false })
        if (done !== undefined) shell.say(shell.words.forwardedTo(to.length))
      })
    },
  })

export const stickerPage = (shell: Shell, { room }: Here): Page =>
  pickPage(shell, {
    title: shell.words.stickers,
    rows(query) {
      const own = shell.live.view("stickers", undefined)?.stickers ?? []
      return {
        rows: own
          .map(({ id, width, height }, at) => ({ id, label: `${at + 1}`, detail: `${width} × ${height}` }))
          .filter(({ label }) => label.startsWith(query.trim())),
        note: shell.words.noStickers,
      }
    },
    pick([id]) {
      if (id) shell.run(async () => void (await shell.ask("sendSticker", { room, id: id as Id })))
    },
  })

/** "Question | one | two": undefined where it is not that. */
export function pollIn(
  text: string,
): { readonly question: string; readonly options: string[]; readonly multiple: boolean } | undefined {
  const [question = "", ...options] = text.split(/[|｜]/).map((part) => part.trim())
  // A question that ends with a plus asks for several answers.
  const multiple = /[+＋]$/.test(question)
  const asked = question.replace(/\s*[+＋]$/, "")
  return asked === "" || options.length < 2 || options.includes("")
    ? undefined
    : { question: asked, options, multiple }
}
