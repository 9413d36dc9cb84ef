/** Which friend or chat a name means. Said exactly, or in any case where that is one; never guessed. */
import type { Friend } from "@teahouse/client/view/port/contacts.ts"
import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { EXIT } from "../say/exit.ts"
import { Stop } from "./stop.ts"

/** What one's chat with oneself is called besides its title. */
const SELF = ["self", "文件传输助手"]

export type Named = { readonly room: Id; readonly names: readonly string[] }

export function namedChats(rooms: readonly RoomItem[], friends: readonly Friend[]): Named[] {
  const byRoom = new Map(friends.map((one) => [one.room, one]))
  return rooms.map(({ room, kind, title }) => {
    const one = byRoom.get(room)
    const more = one ? [one.username, one.remark, one.nickname] : kind === "self" ? SELF : []
    return { room, names: [room, title, ...more].filter((name) => name !== "") }
  })
}

/** The chats of that name: those said exactly, else those in another case. */
export function chatsNamed(name: string, chats: readonly Named[]): Named[] {
  const exact = chats.filter(({ names }) => names.includes(name))
  if (exact.length > 0) return exact
  const low = name.toLowerCase()
  return chats.filter(({ names }) => names.some((one) => one.toLowerCase() === low))
}

export const nobody = (name: string) =>
  new Stop(EXIT.notFound, {
    zh: `没有叫“${name}”的好友或聊天。`,
    en: `There is no friend or chat called “${name}”.`,
  })
export const several = (name: string, chats: readonly Named[]) =>
  new Stop(EXIT.notFound, {
    zh: `有 ${chats.length} 个聊天叫“${name}”。请用其编号：${chats.map(({ room }) => room).join("、")}`,
    en: `${chats.length} chats are called “${name}”. Use the id of one: ${chats.map(({ room }) => room).join(", ")}`,
  })
