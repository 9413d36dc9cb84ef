import { durationText, timers } from "@teahouse/client/words/duration.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useText } from "../../text/use-text.ts"
import { Fault } from "../../ui/fault.tsx"
import { inputLook } from "../../ui/field.tsx"
import { useAction } from "../../ui/use-action.ts"

type Props = { readonly room: Id; readonly seconds: number }

/** Disappearing messages of a chat. */
export function TimerChoice({ room, seconds }: Props) {
  const text = useText()
  const set = useAction("setTimer")
  // Another client may have chosen what is not on our list.
  const all = [...new Set([...timers, seconds])].sort((a, b) => a - b)
  return (
    <div className="px-5 pb-4">
      <label className="block">
        <span className="mb-1 block text-sm font-medium text-soft">{text.disappearing}</span>
        <select
          value={seconds}
          onChange={(event) => void set.run({ room, seconds: Number(event.target.value) })}
          className={inputLook}
        >
          {all.map((each) => (
            <option key={each} value={each}>
              {each === 0 ? text.timerOff : durationText(each, text)}
            </option>
          ))}
        </select>
      </label>
      <p className="mt-1 text-xs text-soft">{text.disappearingHint}</p>
      <Fault error={set.error} />
    </div>
  )
}
