/** How much of the past those get who come into a group: a choice for who leads, for the others what it is. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { PAST_ALL_DAYS } from "@teahouse/protocol/past.ts"
import { useId } from "react"
import { useText } from "../../text/use-text.ts"
import { Fault } from "../../ui/fault.tsx"
import { inputLook } from "../../ui/field.tsx"
import { useAction } from "../../ui/use-action.ts"

const CHOICES = [0, 7, 30, PAST_ALL_DAYS]

export function usePastText(days: number): string {
  const text = useText()
  if (days === 0) return text.pastNowOff
  return days >= PAST_ALL_DAYS ? text.pastNowAll : text.pastNowDays(days)
}

type Props = { readonly room: Id; readonly days: number; readonly may: boolean }

export function PastRule({ room, days, may }: Props) {
  const text = useText()
  const now = usePastText(days)
  const set = useAction("setPastRule")
  const hint = useId()
  // Another client may have chosen what is not on our list.
  const all = [...new Set([...CHOICES, days])].sort((a, b) => a - b)
  const nameOf = (each: number) =>
    each === 0 ? text.pastOff : each >= PAST_ALL_DAYS ? text.pastAll : text.pastDays(each)
  if (!may) return <p className="px-5 pt-3 text-sm text-soft">{now}</p>
  return (
    <div className="px-5 pt-3">
      <label className="block">
        <span className="mb-1 block text-sm font-medium text-soft">{text.pastRule}</span>
        <select
          value={days}
          aria-describedby={hint}
          aria-disabled={set.busy}
          onChange={(event) => void set.run({ room, days: Number(event.target.value) })}
          className={inputLook}
        >
          {all.map((each) => (
            <option key={each} value={each}>
              {nameOf(each)}
            </option>
          ))}
        </select>
      </label>
      <p id={hint} className="mt-1 text-xs text-soft">
        {text.pastHint}
      </p>
      <Fault error={set.error} />
    </div>
  )
}
