/**
 * What a person must know of, above everything else of the page, whole sentences, until `/dismiss`: some of them decide something (a device
 * goes into a chat or stays out of it). One sentence at a time, the oldest first, for all chats of which it is said. Rejected: in the title bar, where a sentence is cut off and hides
 * whether there is a connection.
 */
import type { Alarm } from "@teahouse/client/view/port/account.ts"
import { type AlarmLine, joined } from "@teahouse/client/words/alarms.ts"
import { plain } from "../../say/plain.ts"
import { notice, warning } from "../screen/style.ts"
import type { Surface } from "../screen/surface.ts"
import { cut, wrap } from "../screen/width.ts"
import type { Shell } from "./shell.ts"

const HOW = "/dismiss"

const DAY_MS = 86_400_000

/** Of a notice, which is nobody's breach and comes after them: for a day, or until it is dismissed. */
function shownAlarm({ live, now, words }: Pick<Shell, "live" | "now" | "words">): AlarmLine | undefined {
  const { alarms = [], notices = [] } = live.view("connection", undefined) ?? {}
  const fresh = notices.filter(({ at }) => now() - at < DAY_MS)
  return joined([...alarms, ...fresh], (alarm) => alarmText(words, alarm))[0]
}

/** At most `most` lines, at least one. How it is dismissed is in the last, whatever had to be cut. */
export function alarmLines(text: string, width: number, most: number): string[] {
  const lines = wrap(`${text} ${HOW}`, width)
  if (lines.length <= most) return lines
  const sentence = wrap(text, width)
  const last = cut(sentence.slice(most - 1).join(" "), width - HOW.length - 1)
  return [...sentence.slice(0, most - 1), `${last} ${HOW}`]
}

/** Below the title bar. The first row after it. */
export function drawAlarm(surface: Surface, shell: Shell): number {
  const shown = shownAlarm(shell)
  if (!shown) return 1
  const { width, height } = surface
  const lines = alarmLines(shown.sentence, width - 2, Math.max(1, Math.floor((height - 6) / 3)))
  for (const [n, line] of lines.entries())
    surface.put(1, 1 + n, line, shown.alarm.kind === "device_added" ? notice : warning)
  return 1 + lines.length
}

export async function dismissShown(
  shell: Pick<Shell, "live" | "now" | "words" | "ask" | "say">,
): Promise<void> {
  const shown = shownAlarm(shell)
  if (!shown) return shell.say(shell.words.noAlarm, true)
  for (const id of shown.ids) await shell.ask("dismissAlarm", { id })
}

export const alarmText = (words: Shell["words"], { kind, who = "" }: Alarm): string =>
  ({
    forked: words.alarmForked,
    rolled_back: words.alarmRolledBack,
    new_incarnation: words.alarmNewIncarnation,
    restored_again: words.alarmRestoredAgain,
    bad_signature: words.alarmBadSignature,
    house_changed: words.alarmHouseChanged,
    history_damaged: words.alarmHistoryDamaged,
    past_refused: words.alarmPastRefused,
    unsent_damaged: words.alarmUnsentDamaged,
    account_rolled_back: words.alarmAccountRolledBack,
    keys_lost: words.alarmKeysLost,
    other_identity: words.alarmOtherIdentity,
    key_log_changed: words.alarmKeysChanged(plain(who)),
    key_log_unlisted: words.alarmKeysUnlisted(plain(who)),
    device_added: words.alarmDeviceAdded,
  })[kind] ?? kind
