/**
 * What this device had done to messages (a reaction, a vote, an edit, a recall, a pin) in a part of the log that a restored house has
 * lost is done again, by this device and by no other: who has seen it sees nothing new, and who has not sees it now. Above all a message
 * that was recalled does not come back to life for them.
 *
 *   the message was kept   at once, in its order among one's own messages that are sent again (step-back.ts)
 *   it was lost, too       when it stands in the log again, under the position that it has there; its sender may be somebody else,
 *                          or another device of one's own that had not read of its recall
 *
 * "It" is what says the same under the number that the lost one had (`repeatedBy`). Who wrote a poll could say another one under that
 * number: a vote on the first is none on the second, and nobody's device says so in their name. A recall and an edit come from the
 * account that the message is of, whatever that one's other device says there now, so for them the number is enough.
 *
 * What one's own message was edited to and that it was recalled goes with the message itself, if its own device sends it again.
 */
import type { Content, Draft } from "../content/message.ts"
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

type Anew = { readonly entry: HistoryEntry; readonly content: Content }
/** Of what the house has lost. */
type Place = { readonly life: number; readonly seq: number }

/** By the account that the message is of, and by nobody else (fold.ts). */
const isAuthors = ({ kind }: Act): boolean => kind === "recall" || kind === "edit"

/** To be queued: what this device had done to messages of which these are the ones that were sent again. `sameAs`: by their words. */
export async function actsOn(
  { room, parts, state }: RoomCore,
  entries: readonly HistoryEntry[],
  outbox: readonly OutboxItem[],
  sameAs: (entry: HistoryEntry, content: Content) => Promise<readonly Place[]>,
): Promise<readonly OutboxItem[]> {
  const anew = entries.flatMap((entry): Anew[] => {
    const content = contentOf(entry)
    const again = content && content.kind !== "unknown" && content.was !== undefined
    return again && textOf(content) !== undefined ? [{ entry, content }] : []
  })
  const found: Done[] = []
  for (const { life, after, to } of anew.length > 0 ? (state().meta.behind ?? []) : []) {
    const lost: HistoryEntry[] = []
    for (let number = Math.floor((after + 1) / SEGMENT); number <= Math.floor(to / SEGMENT); number++)
      lost.push(...(await parts.history.block(room, life, number)))
    for (const { entry, content } of anew) {
      const { seq, n } = entry
      const twin = lost.find(
        (one) => one.kind === 0 && one.device === entry.device && numberOf(one) === numberOf(entry),
      )
      if (!twin) continue
      const own = entry.user === parts.me.user
      const same = (await sameAs(entry, content)).some((one) => one.life === life && one.seq === twin.seq)
      const last = new Map<string, Done>()
      for (const one of lost) {
        const act = one.device === parts.me.device ? actOf(one) : undefined
        if (act?.draft.of.seq !== twin.seq || act.draft.of.n !== twin.n) continue
        if (!same && !(own && isAuthors(act.draft))) continue
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
