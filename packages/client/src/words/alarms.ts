/**
 * What is said of many chats in the same words is one line, which speaks for all of them and is dismissed once: a restored house has lost
 * something in each. But to dismiss one of some kinds is to accept what it says of one chat, and of no other: those stay apart.
 */
import type { Alarm } from "../view/port/account.ts"

const accepts: ReadonlySet<Alarm["kind"]> = new Set<Alarm["kind"]>(["other_identity"])

export type AlarmLine = {
  readonly key: string
  readonly sentence: string
  /** The first of those it speaks for. */
  readonly alarm: Alarm
  /** All of those it speaks for, to be dismissed together. */
  readonly ids: readonly string[]
}

/** In the order of the first of each. `said`: the sentence of one, in the reader's language. */
export function joined(alarms: readonly Alarm[], said: (alarm: Alarm) => string): AlarmLine[] {
  const lines = new Map<string, AlarmLine & { readonly ids: string[] }>()
  for (const alarm of alarms) {
    const sentence = said(alarm)
    const key = accepts.has(alarm.kind) ? alarm.id : sentence
    const line = lines.get(key) ?? { key, sentence, alarm, ids: [] }
    line.ids.push(alarm.id)
    lines.set(key, line)
  }
  return [...lines.values()]
}
