import type { Settings as Kept, Theme, ViewValue } from "@teahouse/client/view/port.ts"
import { type FormEvent, useEffect, useId, useRef, useState } from "react"
import { useCommand, useView } from "../../port/use-view.ts"
import { languageNames, languages } from "../../text/language.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { useComposition } from "../../ui/ime.ts"
import { PaneHead } from "../../ui/pane-head.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Accounts } from "./accounts.tsx"
import { Card } from "./card.tsx"

type SignedIn = Extract<ViewValue<"session">, { state: "signed_in" }>

export function Settings({ session }: { readonly session: SignedIn }) {
  const text = useText()
  const settings = useView("settings", undefined)
  const devices = useView("devices", undefined)?.devices
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-paper">
      <div className="mx-auto max-w-2xl pb-8">
        <PaneHead title={text.settings} />
        <div className="flex flex-col gap-4 px-4">
          <Card title={text.profile}>
            <div className="mb-4 flex items-center gap-3">
              <Avatar name={session.nickname || session.username} seed={session.user} size={56} />
              <div className="min-w-0">
                <p className="truncate text-lg font-medium">{session.nickname || session.username}</p>
                <p className="truncate text-sm text-soft">{session.username}</p>
              </div>
            </div>
            {settings && <Nickname kept={settings.nickname} />}
          </Card>
          {settings && <Appearance settings={settings} />}
          <Accounts username={session.username} />
          {devices && devices.length > 0 && (
            <Card title={text.devices}>
              <ul aria-label={text.devices} className="divide-y divide-line">
                {devices.map((device) => (
                  <li key={device.device} className="flex items-baseline justify-between gap-3 py-2">
                    <span>{device.current ? text.thisDevice : text.otherDevice}</span>
                    <code className="text-sm text-soft">{device.device.slice(0, 8)}</code>
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </div>
      </div>
    </div>
  )
}

function Nickname({ kept }: { readonly kept: string }) {
  const text = useText()
  const save = useAction("setSettings")
  const composition = useComposition()
  const [nickname, setNickname] = useState(kept)
  const [saved, setSaved] = useState(false)
  const touched = useRef(false)
  useEffect(() => {
    // Another tab or device changed it; what is being typed here wins.
    if (!touched.current) setNickname(kept)
  }, [kept])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (composition.active()) return
    const done = await save.run({ nickname: nickname.trim() })
    touched.current = false
    setSaved(done !== undefined)
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2" {...composition.handlers}>
      <Field
        label={text.nickname}
        hint={text.nicknameHint}
        value={nickname}
        maxLength={64}
        autoComplete="off"
        onChange={(event) => {
          touched.current = true
          setSaved(false)
          setNickname(event.target.value)
        }}
      />
      <Fault error={save.error} />
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" aria-disabled={save.busy}>
          {text.save}
        </Button>
        <span role="status" className="text-sm text-soft">
          {saved ? text.saved : ""}
        </span>
      </div>
    </form>
  )
}

function Appearance({ settings }: { readonly settings: Kept }) {
  const text = useText()
  const command = useCommand()
  const { choose } = useLanguage()
  const set = (change: Partial<Kept>) => void command("setSettings", change)
  const themes: [Theme, string][] = [
    ["system", text.themeSystem],
    ["light", text.themeLight],
    ["dark", text.themeDark],
  ]
  return (
    <Card title={text.appearance}>
      <div className="flex flex-col gap-4">
        <Choice
          name={text.language}
          value={settings.language}
          options={[
            ["auto", text.languageAuto],
            ...languages.map((each) => [each, languageNames[each]] as const),
          ]}
          onChange={choose}
        />
        <Choice
          name={text.theme}
          value={settings.theme}
          options={themes}
          onChange={(theme) => set({ theme })}
        />
        <Choice
          name={text.enterKey}
          value={settings.enterSends ? "enter" : "ctrl"}
          options={[
            ["enter", text.enterSends],
            ["ctrl", text.ctrlEnterSends],
          ]}
          stacked
          onChange={(value) => set({ enterSends: value === "enter" })}
        />
      </div>
    </Card>
  )
}

type ChoiceProps<T extends string> = {
  readonly name: string
  readonly value: T
  readonly options: readonly (readonly [T, string])[]
  readonly stacked?: boolean
  readonly onChange: (value: T) => void
}

/** Radio buttons, drawn as one strip or as lines. */
function Choice<T extends string>({ name, value, options, stacked, onChange }: ChoiceProps<T>) {
  const group = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">{name}</legend>
      <div className={stacked ? "flex flex-col" : "flex flex-wrap rounded-xl bg-sunken p-1"}>
        {options.map(([key, label]) => (
          <label
            key={key}
            lang={key === "zh-CN" || key === "en" ? key : undefined}
            className={
              stacked
                ? "flex min-h-11 items-center gap-3"
                : "flex min-h-10 flex-1 cursor-pointer items-center justify-center rounded-lg px-2 text-center text-sm has-checked:bg-surface has-checked:font-medium has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent forced-colors:has-checked:outline-2"
            }
          >
            <input
              type="radio"
              name={group}
              checked={key === value}
              onChange={() => onChange(key)}
              className={stacked ? "size-5 shrink-0 accent-accent" : "sr-only"}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
