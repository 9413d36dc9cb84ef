/** What Tab would put in place of what stands before the insertion point: an emoji by its name, a member after `@`. */
import type { Member } from "@teahouse/client/view/port/basic.ts"
import type { Editor } from "../input/editor.ts"
import { emojiNow, nameBefore } from "./emoji.ts"

export type Completion = { readonly shown: string; readonly insert: string; readonly from: number }

const MOST = 6

export function completionsOf(
  { text, at }: Editor,
  members: readonly Member[] | undefined,
  changed: () => void,
): readonly Completion[] {
  const before = text.slice(0, at)
  const name = nameBefore(before)
  if (name !== undefined)
    return (emojiNow(changed)?.search(name, MOST) ?? []).map(({ emoji, name: called }) => ({
      ...{ shown: `${emoji} :${called}:`, insert: emoji, from: at - name.length - 1 },
    }))
  const mention = /@([^\s@]{0,32})$/.exec(before)
  if (!mention || !members) return []
  const word = mention[1]?.toLowerCase() ?? ""
  return members
    .filter((one) => `${one.name} ${one.publicName} ${one.username}`.toLowerCase().includes(word))
    .slice(0, MOST)
    .map(({ name: shown, publicName }) => ({
      shown: `@${shown}`,
      insert: `@${publicName} `,
      from: mention.index,
    }))
}

export const complete = ({ text, at }: Editor, { insert, from }: Completion): Editor => ({
  text: text.slice(0, from) + insert + text.slice(at),
  at: from + insert.length,
})
