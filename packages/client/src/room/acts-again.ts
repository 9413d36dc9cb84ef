/**
 * What this device had done to messages (a reaction, a vote, an edit, a recall, a pin) in a part of the log that a restored house has
 * lost is done again, by this device and by no other: who has seen it sees nothing new, and who has not sees it now. Above all a message
 * that was recalled does not come back to life for them.
 *
 *   the message was kept   at once, in its order among one's own messages that are sent again (step-back.ts)
 *   it was lost, too       when it stands in the log again, under the position that it has there; its sender may be somebody else,
 *                          or another device of one's own that had not read of its recall
 *
 * What one's own message was edited to and that it was recalled goes with the message itself, if its own device sends it again.
 */
import type { Draft } from "../content/message.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import { type Act, isAct } from "./ahead.ts"
import type { RoomCore } from "./core.ts"
import { numberOf } from "./number-of.ts"
import { textOf } from "./preview.ts"
import type { OutboxItem } from "./records.ts"

type Done = { readonly draft: Act; readonly at: number }

/** As it is asked for once more; `was` says that it was done before, and names it. */
function actOf(entry: HistoryEntry): Done | undefined {
  const content = contentOf(entry)
  if (!content || content.kind === "unknown") return undefined
  const { v: _, seen: __, keyHeads: ___, ...said } = content
  const draft: Draft = { ...said, was: said.was ?? entry.n }
  return isAct(draft) ? { draft, at: entry.time } : undefined
}

/** Of one's own in what is lost: what was done to a message that the house has kept. */
export function keptAct(entry: HistoryEntry, after: number): Done | undefined {
  const act = actOf(entry)
  return act && act.draft.of.seq <= after ? act : undefined
}

/** The last word on the same is enough. */
const subject = ({ draft }: Done): string => `${draft.kind}/${draft.kind === "reaction" ? draft.emoji : ""}`

/** To be queued: what this device had done to messages of which these are the ones that were sent again. */
export async function actsOn(
  { room, parts, state }: RoomCore,
  entries: readonly HistoryEntry[],
  outbox: readonly OutboxItem[],
): Promise<readonly OutboxItem[]> {
  const anew = entries.filter((entry) => {
    const content = contentOf(entry)
    return content && content.kind !== "unknown" && content.was !== undefined && textOf(content) !== undefined
  })
  const found: Done[] = []
  for (const { life, after, to } of anew.length > 0 ? (state().meta.behind ?? []) : []) {
    const lost: HistoryEntry[] = []
    for (let number = Math.floor((after + 1) / SEGMENT); number <= Math.floor(to / SEGMENT); number++)
      lost.push(...(await parts.history.block(room, life, number)))
    for (const entry of anew) {
      const { seq, n } = entry
      const twin = lost.find(
        (one) => one.kind === 0 && one.device === entry.device && numberOf(one) === numberOf(entry),
      )
      if (!twin) continue
      const last = new Map<string, Done>()
      for (const one of lost) {
        const act = one.device === parts.me.device ? actOf(one) : undefined
        if (act?.draft.of.seq !== twin.seq || act.draft.of.n !== twin.n) continue
        // It was sent again as it was edited last.
        if (act.draft.kind === "edit" && entry.device === parts.me.device) continue
        last.set(subject(act), { ...act, draft: { ...act.draft, of: { seq, n } } })
      }
      found.push(...last.values())
    }
  }
  const next = (outbox.at(-1)?.order ?? 0) + 1
  return found.map(({ draft, at }, i) => ({
    ...{ order: next + i, key: parts.newKey(), draft, at },
    state: "waiting",
  }))
}
