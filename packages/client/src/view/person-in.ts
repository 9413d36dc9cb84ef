/**
 * How somebody is called in a chat: remark, group nickname, nickname, username, in this order. A remark is for whoever wrote
 * it: text that others will read says `publicNameIn`.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Home } from "../home.ts"
import type { RoomMeta } from "../room/records.ts"
import type { Person } from "./port/basic.ts"

export function personIn(
  { people }: Pick<Home, "people">,
  { nicks }: Pick<RoomMeta, "nicks">,
  user: Id,
): Person {
  const person = people.person(user)
  const nick = nicks?.[user]?.name
  return nick && !people.get(user)?.remark ? { ...person, name: nick } : person
}

/** Never a remark. */
export function publicNameIn(
  { people }: Pick<Home, "people">,
  { nicks }: Pick<RoomMeta, "nicks">,
  user: Id,
): string {
  const known = people.get(user)
  return nicks?.[user]?.name || known?.nickname || known?.username || ""
}
