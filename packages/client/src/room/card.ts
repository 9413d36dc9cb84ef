/**
 * A group's card: its name and announcement, as content. Whoever adds somebody says it again, so that a newcomer has it at
 * once. The newest change counts, and only the owner and admins change it. A repetition names the position of what it
 * repeats: one that is late undoes nothing, and no number can be claimed that the log has not reached. A newcomer takes the
 * first one from anybody, because everybody may add people.
 */
import { type Role, roleOf } from "@teahouse/protocol/policy.ts"
import type { Card, CardMessage, Draft } from "../content/message.ts"
import type { Room } from "../crypto/port.ts"
import type { CommitRead } from "./read-commit.ts"
import type { OutboxItem, RoomMeta } from "./records.ts"

export const NAME_MAX = 64

/** What cannot be seen in a name only serves to deceive; joined emoji and joined letters stay. */
export const cleanName = (name: string): string =>
  name
    .normalize("NFC")
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/(?!\u200d)\p{Cf}|\u{e0001}/gu, "")
    .replace(/\s+/gu, " ")
    .trim()

/** undefined: it changes nothing, and nothing is shown of it. */
export function takeCard(
  meta: RoomMeta,
  { name, announcement, of }: CardMessage,
  role: Role,
  own: boolean,
  seq: number,
): Card | undefined {
  if (meta.kind !== "group") return undefined
  const card = { name: cleanName(name), announcement, seq: of ?? seq }
  if (of === undefined) return role === "member" ? undefined : card
  if (of >= seq) return undefined
  if (!meta.card) return card
  return of > meta.card.seq && (own || role !== "member") ? card : undefined
}

export const repeated = ({ name, announcement, seq }: Card): Draft => ({
  kind: "card",
  name,
  announcement,
  of: seq,
})

/**
 * Whether this device says the card again after a commit: its own that added somebody; and after a device came in by
 * itself, one other device of that person, or else the owner's.
 */
function mustRepeat(read: Extract<CommitRead, { kind: "advanced" }>, own: Room["leaf"]): boolean {
  const { item, group, by } = read
  if (read.own) return item.type === "members" && item.joined.length + item.newDevice.length > 0
  if (!read.external || !by) return false
  const { leaves, policy } = group.judged
  const others = leaves.filter((leaf) => leaf.user === by.user && leaf.device !== by.device)
  const able = others.length > 0 ? others : leaves.filter((leaf) => leaf.user === policy.owner)
  return Math.min(...able.map((leaf) => leaf.leaf)) === own
}

export function cardAgain(
  meta: RoomMeta,
  outbox: readonly OutboxItem[],
  read: Extract<CommitRead, { kind: "advanced" }>,
  at: number,
): OutboxItem | undefined {
  const { card } = meta
  if (meta.kind !== "group" || !card || card.seq === 0 || !mustRepeat(read, read.group.leaf)) return undefined
  // It was said before the commit: sealed again, it goes out after it anyway.
  if (outbox.some((item) => item.draft.kind === "card" && item.state === "waiting")) return undefined
  const order = (outbox.at(-1)?.order ?? 0) + 1
  return { order, key: `card:${meta.seq}`, draft: repeated(card), at, state: "waiting" }
}

export const roleIn = (group: Room | undefined, user: RoomMeta["users"][number]): Role =>
  group ? roleOf(group.judged.policy, user) : "member"
