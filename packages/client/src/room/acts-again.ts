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
 * What one's own message was edited to and that it was recalled goes with the message itself, if its own device sends it again. What was
 * asked for and still waited when its message was lost waits on here, outside of the outbox: it names a position that is another's now.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Content, Draft } from "../content/message.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import { SEGMENT } from "../history/history.ts"
import { numberKey } from "../store/port.ts"
import type { SealedWrite } from "../store/sealed.ts"
import { type Act, isAct } from "./ahead.ts"
import type { RoomCore } from "./core.ts"
import { numberOf } from "./number-of.ts"
import { textOf } from "./preview.ts"
import type { OutboxItem } from "./records.ts"

type Done = { readonly draft: Act; readonly at: number }
/** `life`: the one under whose number its message is kept; `at`: when it was asked for (ms UTC). */
type Asked = Done & { readonly life: number }

/** With the other acts that wait for their message (history/late.ts), whose place in the key is a number. */
const askedPrefix = (room: Id) => `late/${room}/asked/`

/** Of what waits: not done yet, and to be done once its message stands in the log again. */
export const askedWrites = (room: Id, life: number, items: readonly OutboxItem[]): SealedWrite[] =>
  items.flatMap(({ draft, at, order, sealed }): SealedWrite[] => {
    if (!isAct(draft)) return []
    const said = sealed ? { ...draft, was: draft.was ?? sealed.n } : draft
    const value: Asked = { life, draft: said, at }
    return [{ put: `${askedPrefix(room)}${numberKey(life)}/${numberKey(order)}`, value }]
  })

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
const isAuthors = ({ kind }: Pick<Act, "kind">): boolean => kind === "recall" || kind === "edit"

/** To be queued: what this device had done to messages of which these are the ones that were sent again. `sameAs`: by their words. */
export async function actsOn(
  { room, parts, state }: RoomCore,
  entries: readonly HistoryEntry[],
  outbox: readonly OutboxItem[],
  sameAs: (entry: HistoryEntry, content: Content) => Promise<readonly Place[]>,
): Promise<{ readonly items: readonly OutboxItem[]; readonly writes: readonly SealedWrite[] }> {
  const anew = entries.flatMap((entry): Anew[] => {
    const content = contentOf(entry)
    const again = content && content.kind !== "unknown" && content.was !== undefined
    return again && textOf(content) !== undefined ? [{ entry, content }] : []
  })
  const found: Done[] = []
  const writes: SealedWrite[] = []
  const asked = anew.length > 0 ? await parts.store.range<Asked>(askedPrefix(room)) : []
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
      const isFor = ({ of, ...act }: Act) =>
        of.seq === twin.seq && of.n === twin.n && (same || (own && isAuthors(act)))
      const again = ({ draft, at }: Done) => {
        const act = { draft: { ...draft, of: { seq, n } }, at }
        last.set(subject(act), act)
      }
      for (const one of lost) {
        const act = one.device === parts.me.device ? actOf(one) : undefined
        if (!act || !isFor(act.draft)) continue
        // It was sent again as it was edited last.
        if (act.draft.kind === "edit" && entry.device === parts.me.device) continue
        again(act)
      }
      for (const { key, value } of asked) {
        if (value.life !== life || !isFor(value.draft)) continue
        again(value)
        writes.push({ drop: key })
      }
      found.push(...last.values())
    }
  }
  const next = (outbox.at(-1)?.order ?? 0) + 1
  const items = found.map(({ draft, at }, i): OutboxItem => {
    return { order: next + i, key: parts.newKey(), draft, at, state: "waiting" }
  })
  return { items, writes }
}
