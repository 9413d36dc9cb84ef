/** Settings of being told. Do not disturb and hiding go with the account; sound and permission belong to this device. */

import { clockMinute, clockText } from "@teahouse/client/told/quiet.ts"
import type { ToldSettings } from "@teahouse/client/view/port/told.ts"
import { useId, useState } from "react"
import { useCommand, useHouse } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { setHere } from "../../told/here.ts"
import { permission } from "../../told/notifications.ts"
import { pushPossible, turnPushOff, turnPushOn } from "../../told/push.ts"
import { pageRinger, useHere } from "../../told/told.tsx"
import { Button } from "../../ui/button.tsx"
import { inputLook } from "../../ui/field.tsx"
import { Card } from "./card.tsx"
import { Check } from "./check.tsx"
import { Choice } from "./choice.tsx"

export function TellSettings({ told }: { readonly told: ToldSettings }) {
  const text = useText()
  const command = useCommand()
  const { slot } = useHouse()
  const here = useHere()
  const volume = useId()
  const set = (change: Partial<ToldSettings>) => command("setSettings", { told: change })
  const play = async (loudness: number) => {
    await pageRinger().unlock()
    pageRinger().ring(loudness)
  }
  return (
    <Card title={text.notifications}>
      <div className="flex flex-col gap-4">
        <div>
          <Check name={text.soundOn} on={here.sound} onChange={(sound) => setHere(slot, { sound })} />
          {here.sound && (
            <div className="flex flex-wrap items-center gap-3 ps-8">
              <label htmlFor={volume} className="text-sm">
                {text.volume}
              </label>
              <input
                id={volume}
                type="range"
                min={0}
                max={100}
                step={5}
                value={Math.round(here.volume * 100)}
                onChange={(event) => setHere(slot, { volume: Number(event.target.value) / 100 })}
                className="min-h-6 pointer-coarse:min-h-11 min-w-0 flex-1 accent-accent"
              />
              <Button onClick={() => void play(here.volume)}>{text.trySound}</Button>
            </div>
          )}
        </div>
        <Permission />
        <div>
          <Check
            name={text.hideContent}
            hint={text.hideContentHint}
            on={told.hideContent}
            onChange={(hideContent) => set({ hideContent })}
          />
        </div>
        <div>
          <Choice
            name={text.quiet}
            value={told.quiet}
            options={[
              ["off", text.quietOff],
              ["on", text.quietOn],
              ["hours", text.quietHours],
            ]}
            onChange={(quiet) => set({ quiet })}
          />
          {told.quiet === "hours" && (
            <div className="mt-2 flex flex-wrap gap-4">
              <Time
                name={text.quietFrom}
                minute={told.quietFrom}
                onChange={(quietFrom) => set({ quietFrom })}
              />
              <Time name={text.quietTo} minute={told.quietTo} onChange={(quietTo) => set({ quietTo })} />
            </div>
          )}
          <p className="mt-1 text-sm text-soft">{text.quietHint}</p>
        </div>
      </div>
    </Card>
  )
}

function Permission() {
  const text = useText()
  const { slot } = useHouse()
  const here = useHere()
  const [state, setState] = useState(permission)
  if (state === "unsupported") return <p className="text-sm text-soft">{text.notifyUnsupported}</p>
  if (state === "denied") return <p className="text-sm text-soft">{text.notifyDenied}</p>
  if (state === "granted")
    return (
      <div>
        <Check name={text.notifyHere} on={here.notify} onChange={(notify) => setHere(slot, { notify })} />
        {pushPossible() && <Push />}
      </div>
    )
  return (
    <div>
      <Button
        look="primary"
        onClick={() =>
          void Notification.requestPermission().then((answer) => {
            setHere(slot, { hinted: true, notify: true })
            setState(answer)
          })
        }
      >
        {text.notifyTurnOn}
      </Button>
    </div>
  )
}

function Push() {
  const text = useText()
  const { port, slot } = useHouse()
  const here = useHere()
  const [fault, setFault] = useState("")
  const change = async (on: boolean) => {
    setFault("")
    const result = on ? await turnPushOn(port, slot) : await turnPushOff(port, slot)
    const done = result === "on" || result === "off"
    if (!done) setFault(result === "refused" ? text.pushRefused : text.pushFailed)
    // The box shows again what is the case.
    return { ok: done }
  }
  return (
    <>
      <Check name={text.pushHere} hint={text.pushHint} on={here.push} onChange={change} />
      <p role="status" className="ps-8 text-sm text-danger empty:hidden">
        {fault}
      </p>
    </>
  )
}

function Time({
  name,
  minute,
  onChange,
}: {
  readonly name: string
  readonly minute: number
  readonly onChange: (minute: number) => void
}) {
  return (
    <label className="flex items-center gap-2 text-sm">
      {name}
      <input
        type="time"
        value={clockText(minute)}
        onChange={(event) => {
          // Half typed it is no time yet.
          const next = clockMinute(event.target.value)
          if (next !== undefined) onChange(next)
        }}
        className={`${inputLook} w-auto`}
      />
    </label>
  )
}
