/** Group nicknames as a room keeps them (content/nick.ts says what they are, and whom to believe). */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Content, Draft } from "../content/message.ts"
import { cleanName } from "../content/name.ts"
import type { RoomMeta } from "./records.ts"

export function takeNick<M extends RoomMeta>(meta: M, content: Content, user: Id, seq: number): M {
  if (meta.kind !== "group") return meta
  if (content.kind === "nick")
    return { ...meta, nicks: { ...meta.nicks, [user]: { name: cleanName(content.name), seq } } }
  if (content.kind !== "nicks") return meta
  const told = content.names.filter(
    ({ user: one, seq: said }) => said <= meta.joined.seq && !meta.nicks?.[one],
  )
  if (told.length === 0) return meta
  const news = told.map(({ user: one, name, seq: said }) => [one, { name: cleanName(name), seq: said }])
  return { ...meta, nicks: { ...meta.nicks, ...Object.fromEntries(news) } }
}

export function nicksAgain({ nicks = {}, users }: RoomMeta): Draft | undefined {
  const names = users.flatMap((user) => {
    const nick = nicks[user]
    return nick?.name ? [{ user, ...nick }] : []
  })
  return names.length > 0 ? { kind: "nicks", names } : undefined
}
