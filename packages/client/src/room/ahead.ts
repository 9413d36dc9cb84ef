/**
 * A chat as it will be once the house has stored what waits in the outbox: the fold of the log goes on over the acts that
 * wait (a reaction, a vote, an edit, a recall …), each at the time at which it was asked for. So what one did is shown at
 * once, and after a restart, because the outbox is on the disk; and what is refused is as it was, because nothing of this is
 * stored. Rejected: changing the marks when an act is queued; taking it back would need what was there before, and what
 * others did meanwhile.
 */
import type { Target } from "../content/core.ts"
import type { Draft, Known } from "../content/message.ts"
import { CONTENT_VERSION } from "../content/version.ts"
import { contentOf } from "../history/content-of.ts"
import type { HistoryEntry } from "../history/entry.ts"
import type { Mark } from "../history/marks.ts"
import type { Undone } from "../view/port/messages.ts"
import { roleIn } from "./card.ts"
import { createFold, type FoldParts } from "./fold.ts"
import { textOf } from "./preview.ts"
import type { OutboxItem, RoomMeta } from "./records.ts"
import type { RoomState } from "./state.ts"

export type Act = Extract<Draft, { readonly of: Target }>

export type Ahead = {
  readonly meta: RoomMeta
  /** What is different from the history and its marks, by position. */
  readonly entries: ReadonlyMap<number, HistoryEntry>
  readonly marks: ReadonlyMap<number, Mark>
  /** Positions about which something is not stored yet. */
  readonly waiting: ReadonlySet<number>
  readonly undone: ReadonlyMap<number, readonly Undone[]>
}

const kinds: ReadonlySet<string> = new Set<Act["kind"]>([
  "edit",
  "recall",
  "reaction",
  "pin",
  "vote",
  "pollEnd",
])
/** Whether it is done to a message that stands somewhere. */
export const isAct = (draft: Draft): draft is Act => kinds.has(draft.kind)

export const sameAct = (one: Draft, other: Draft): boolean =>
  isAct(one) && isAct(other) && one.kind === other.kind && one.of.seq === other.of.seq

/** Shown as done while it waited: that its time was over when it arrived has to be said. */
export const comesToNothing = ({ kind }: Draft): boolean =>
  kind === "edit" || kind === "recall" || kind === "vote" || kind === "pollEnd"

/**
 * What becomes of an act that the house does not have. `entry`: what is here at the place that it is about. Where its message
 * is gone nobody would ever read that it was refused, so it leaves the outbox; where a recall is told of it is said there.
 */
export function fateOf(draft: Act, entry: HistoryEntry | undefined): "stays" | "said" | "dropped" {
  const content = entry && contentOf(entry)
  if (content && textOf(content) !== undefined) return "stays"
  const recalled = entry?.item.type === "gone" && entry.item.why === "recalled"
  // One that a restored house has lost: others may not have seen it (acts-again.ts).
  if (recalled && draft.kind === "recall" && draft.was !== undefined) return "stays"
  // Another recall has come to what it was to come to.
  return recalled && draft.kind !== "recall" && comesToNothing(draft) ? "said" : "dropped"
}

/** Whether its refusal is said to the person. */
export const isTold = (draft: Draft): boolean => isAct(draft) || textOf(draft) !== undefined

const nothing: Omit<Ahead, "meta"> = {
  entries: new Map(),
  marks: new Map(),
  waiting: new Set(),
  undone: new Map(),
}

export function lookAhead(
  state: RoomState,
  { me, entry, mark, blocked }: Omit<FoldParts, "replace">,
): Ahead | Promise<Ahead> {
  const acts = state.outbox.flatMap((item) => (isAct(item.draft) ? [{ item, draft: item.draft }] : []))
  if (acts.length === 0) return { ...nothing, meta: state.meta }
  const entries = new Map<number, HistoryEntry>()
  const fold = createFold({
    me,
    mark,
    blocked,
    entry: async (seq) => entries.get(seq) ?? (await entry(seq)),
    replace: (replaced) => void entries.set(replaced.seq, replaced),
  })
  return foldActs(state, acts, fold, me).then((ahead) => ({ ...ahead, entries, marks: fold.marks }))
}

async function foldActs(
  state: RoomState,
  acts: readonly { readonly item: OutboxItem; readonly draft: Act }[],
  fold: ReturnType<typeof createFold>,
  me: FoldParts["me"],
): Promise<Pick<Ahead, "meta" | "waiting" | "undone">> {
  const waiting = new Set<number>()
  const undone = new Map<number, Undone[]>()
  const { seq, hash } = state.meta
  const role = roleIn(state.group, me)
  let { meta } = state
  for (const { item, draft } of acts) {
    const at = draft.of.seq
    if (item.state === "refused") {
      const { key, error = { kind: "internal" } } = item
      undone.set(at, [...(undone.get(at) ?? []), { key, act: draft.kind, error }])
      continue
    }
    const content: Known = { ...draft, v: CONTENT_VERSION, seen: { seq, hash } }
    const time = item.accepted?.time ?? item.at
    // Later than everything that is here, whatever its place will be.
    const folded = await fold.take(meta, content, { user: me, role, seq: Number.MAX_SAFE_INTEGER, time })
    if (folded.keep && !item.accepted) waiting.add(at)
    meta = folded.meta
  }
  return { meta, waiting, undone }
}
