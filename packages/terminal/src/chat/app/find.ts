/** Looking for messages, and going to a chat by its name. */

import { said } from "@teahouse/client/words/said.ts"
import { rowTime } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { pickPage } from "./pick.ts"
import type { Page, Shell } from "./shell.ts"

export type Finding = { open(room: Id): void; jump(room: Id, seq: number): void }

const MOST = 100

export function searchPage(
  shell: Shell,
  going: Finding,
  room?: { readonly id: Id; readonly title: string },
  query = "",
): Page {
  const { words, style } = shell
  return pickPage(shell, {
    title: room ? words.searchHere(room.title) : words.search,
    hint: words.searchHint,
    query,
    rows(text) {
      const word = text.trim()
      if (word === "") return { rows: [] }
      const args = { query: word, limit: MOST, ...(room ? { room: room.id } : {}) }
      const found = shell.live.view("search", args)
      if (!found || (!found.done && found.items.length === 0)) return { rows: [], note: words.searching }
      const own = shell.live.view("roomList", undefined)?.rooms.find(({ kind }) => kind === "self")?.room
      return {
        rows: found.items.map((item) => ({
          id: `${item.room} ${item.seq}`,
          label: `${item.mine ? words.you : item.from.name}: ${said(item, words)}`,
          detail: `${room ? "" : `${item.room === own ? words.myself : item.title} · `}${rowTime(item.at, shell.now(), style)}`,
        })),
        note: words.noneFound,
      }
    },
    pick([id]) {
      const [at, seq] = (id ?? "").split(" ")
      if (at) going.jump(at as Id, Number(seq))
    },
  })
}

export const switchPage = (shell: Shell, going: Finding, query = ""): Page =>
  pickPage(shell, {
    title: shell.words.switchTo,
    query,
    rows(text) {
      const word = text.trim().toLowerCase()
      const rooms = shell.live.view("roomList", undefined)?.rooms ?? []
      return {
        rooms,
        rows: rooms
          .map((item) => ({ item, title: item.kind === "self" ? shell.words.myself : item.title }))
          .filter(({ title }) => title.toLowerCase().includes(word))
          .map(({ item, title }) => ({
            id: item.room,
            label: title,
            ...(item.unread > 0 ? { detail: String(item.unread) } : {}),
          })),
        note: shell.words.noneFound,
      }
    },
    pick([id]) {
      if (id) going.open(id as Id)
    },
  })
