/**
 * A group's card: its name, picture, announcement and links, as content (content/card.ts). Whoever adds somebody says it again, so that a newcomer has it at
 * once. The newest change counts, and only the owner and admins change it. A repetition names the position of what it
 * repeats: one that is late undoes nothing, and no number can be claimed that the log has not reached. A newcomer takes the
 * first one from anybody, because everybody may add people.
 */
import { LINKS_MAX, type Role, roleOf } from "@teahouse/protocol/policy.ts"
import type { Card, CardLink } from "../content/card.ts"
import type { CardMessage, Draft } from "../content/message.ts"
import { cleanName } from "../content/name.ts"
import type { Room } from "../crypto/port.ts"
import { nicksAgain } from "./nicks.ts"
import type { CommitRead } from "./read-commit.ts"
import type { OutboxItem, RoomMeta } from "./records.ts"

/** undefined: it changes nothing, and nothing is shown of it. */
export function takeCard(
  meta: RoomMeta,
  content: CardMessage,
  role: Role,
  own: boolean,
  seq: number,
): Card | undefined {
  if (meta.kind !== "group") return undefined
  const { of } = content
  const card = wholeCard(content, of ?? seq)
  if (of === undefined) return role === "member" ? undefined : changed(meta.card, card, content.what)
  if (of >= seq) return undefined
  if (!meta.card) return card
  return of > meta.card.seq && (own || role !== "member") ? card : undefined
}

function wholeCard({ name, announcement, picture, links }: CardMessage, seq: number): Card {
  const base = { name: cleanName(name), announcement, announced: seq, seq }
  return { ...base, ...(picture ? { picture } : {}), ...(links ? { links } : {}) }
}

/** Only the part that was changed: the rest may be what its sender knew before somebody else's change. */
function changed(before: Card | undefined, card: Card, what: CardMessage["what"]): Card {
  if (!before || what === undefined || what === "created") return card
  const { picture: _, ...rest } = before
  const { seq } = card
  switch (what) {
    case "name":
      return { ...before, name: card.name, seq }
    case "announcement":
      return { ...before, announcement: card.announcement, announced: seq, seq }
    case "picture":
      return { ...rest, ...(card.picture ? { picture: card.picture } : {}), seq }
    case "links":
      return { ...before, links: withLinks(before.links ?? [], card.links ?? []), seq }
  }
}

/** The newest stay; which of them work is for the policy to say. */
const withLinks = (old: readonly CardLink[], more: readonly CardLink[]): readonly CardLink[] =>
  [...old.filter(({ id }) => more.every((link) => link.id !== id)), ...more].slice(-LINKS_MAX)

export function repeated({ name, announcement, picture, links, seq }: Card): Draft {
  const more = { ...(picture ? { picture } : {}), ...(links ? { links: [...links] } : {}) }
  return { kind: "card", name, announcement, ...more, of: seq }
}

/**
 * Whether this device says the card again after a commit: its own that added somebody; and after a device came in by
 * itself, one other device of that person, or else the owner's.
 */
function mustRepeat(read: Extract<CommitRead, { kind: "advanced" }>, own: Room["leaf"]): boolean {
  const { item, group, by } = read
  if (read.own)
    return (
      item.type === "members" &&
      item.joined.length + item.newDevice.length + (item.newIdentity?.length ?? 0) > 0
    )
  if (!read.external || !by) return false
  const { leaves, policy } = group.judged
  const others = leaves.filter((leaf) => leaf.user === by.user && leaf.device !== by.device)
  const able = others.length > 0 ? others : leaves.filter((leaf) => leaf.user === policy.owner)
  return Math.min(...able.map((leaf) => leaf.leaf)) === own
}

/** What newcomers must be told: the card, and how its people are called. */
export function cardAgain(
  meta: RoomMeta,
  outbox: readonly OutboxItem[],
  read: Extract<CommitRead, { kind: "advanced" }>,
  at: number,
): readonly OutboxItem[] {
  const { card } = meta
  if (meta.kind !== "group" || !card || card.seq === 0 || !mustRepeat(read, read.group.leaf)) return []
  const nicks = nicksAgain(meta)
  const drafts = [repeated(card), ...(nicks ? [nicks] : [])]
  const order = (outbox.at(-1)?.order ?? 0) + 1
  return (
    drafts
      // It was said before the commit: sealed again, it goes out after it anyway.
      .filter(({ kind }) => !outbox.some((item) => item.draft.kind === kind && item.state === "waiting"))
      .map((draft, i) => ({
        order: order + i,
        key: `${draft.kind}:${meta.seq}`,
        draft,
        at,
        state: "waiting" as const,
      }))
  )
}

export const roleIn = (group: Room | undefined, user: RoomMeta["users"][number]): Role =>
  group ? roleOf(group.judged.policy, user) : "member"
