/** UX 11: mentions while one writes. A mention is a range of the text that says whom it means, not a word to be guessed. Pure. */
import type { Member } from "@teahouse/client/view/port/basic.ts"
import type { Mention } from "@teahouse/client/view/port/messages.ts"
import { matches, type Readings } from "../../text/pinyin.ts"

/** Ranges after an edit of the text: what was typed into is no mention any more, what stands behind moves. */
export function shiftMentions(mentions: readonly Mention[], before: string, after: string): Mention[] {
  let same = 0
  while (same < before.length && same < after.length && before[same] === after[same]) same += 1
  let tail = 0
  while (
    tail < before.length - same &&
    tail < after.length - same &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1
  const end = before.length - tail
  const by = after.length - before.length
  return mentions.flatMap((mention) => {
    if (mention.from + mention.length <= same) return [mention]
    if (mention.from >= end) return [{ ...mention, from: mention.from + by }]
    // The change may have been placed at either end of a repeated sign; what still reads the same is still meant.
    const text = before.slice(mention.from, mention.from + mention.length)
    return after.startsWith(text, mention.from) ? [mention] : []
  })
}

const MAX_QUERY = 24

/** The `@…` that the caret stands in. It needs no space before it; a name with a space ends it. */
export function mentionAt(
  text: string,
  caret: number,
  mentions: readonly Mention[],
): { readonly from: number; readonly query: string } | undefined {
  const from = text.lastIndexOf("@", caret - 1)
  if (from < 0 || caret - from - 1 > MAX_QUERY) return undefined
  const query = text.slice(from + 1, caret)
  if (/\s/.test(query)) return undefined
  // One that is chosen already.
  if (mentions.some((each) => each.from === from)) return undefined
  return { from, query }
}

export type Candidate = {
  readonly user: Mention["user"]
  /** As one calls them oneself. */
  readonly name: string
  /** What is written: others read it, so it is never a remark. */
  readonly word: string
  readonly member?: Member
}

/** Who matches, everybody first where one may call them. `everyone`: its names, the shown one first. */
export function candidates(
  members: readonly Member[],
  query: string,
  everyone: readonly string[],
  readings: Readings,
): Candidate[] {
  const shown = everyone[0]
  const all: Candidate[] =
    shown !== undefined && everyone.some((name) => matches(name, query, readings))
      ? [{ user: "all", name: shown, word: shown }]
      : []
  const found = members.filter(
    (member) =>
      matches(member.name, query, readings) ||
      matches(member.publicName, query, readings) ||
      matches(member.username, query),
  )
  const begins = (member: Member) => member.name.toLowerCase().startsWith(query.toLowerCase())
  return [
    ...all,
    ...[...found.filter(begins), ...found.filter((each) => !begins(each))].map((member) => ({
      user: member.user,
      name: member.name,
      word: member.publicName,
      member,
    })),
  ]
}

/** The text with the chosen one in the place of the query, a space after it, and where the caret goes. */
export function insertMention(
  text: string,
  mentions: readonly Mention[],
  at: { readonly from: number; readonly caret: number },
  chosen: Candidate,
): { readonly text: string; readonly mentions: Mention[]; readonly caret: number } {
  const word = `@${chosen.word}`
  const next = `${text.slice(0, at.from)}${word} ${text.slice(at.caret).replace(/^ /, "")}`
  const by = next.length - text.length
  const kept = mentions.flatMap((each) => {
    if (each.from + each.length <= at.from) return [each]
    return each.from >= at.caret ? [{ ...each, from: each.from + by }] : []
  })
  const added = { user: chosen.user, from: at.from, length: word.length }
  return {
    text: next,
    mentions: [...kept, added].sort((a, b) => a.from - b.from),
    caret: at.from + word.length + 1,
  }
}

/** For sending: the text without its empty edges, and the ranges in it. */
export function trimmed(text: string, mentions: readonly Mention[]): { text: string; mentions: Mention[] } {
  const lead = /^\s*\n/.exec(text)?.[0].length ?? 0
  const cut = text.slice(lead).replace(/\s+$/, "")
  return {
    text: cut,
    mentions: mentions
      .map((each) => ({ ...each, from: each.from - lead }))
      .filter((each) => each.from >= 0 && each.from + each.length <= cut.length),
  }
}
