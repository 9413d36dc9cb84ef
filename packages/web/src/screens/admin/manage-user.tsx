/** What may be done to one account, each with what it means. Resetting asks once more, because there may be no way back. */

import { sizeText } from "@teahouse/client/words/size.ts"
import { dayAndClock } from "@teahouse/client/words/time.ts"
import type { AdminRouteName, AdminUser } from "@teahouse/protocol/http/admin.ts"
import { type FormEvent, type ReactNode, useState } from "react"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { useAsk, useDeed } from "./ask.ts"
import { useAdminText } from "./text.ts"

const MB = 1024 * 1024
const MOST_MB = 2 ** 30

type Props = {
  readonly user: AdminUser
  /** Bytes, where nothing else is said of an account. */
  readonly usual: number
  readonly onChanged: () => void
  readonly onClose: () => void
}
type Act = Extract<AdminRouteName, "adminDisable" | "adminEnable" | "adminReset">

export function ManageUser({ user, usual, onChanged, onClose }: Props) {
  const text = useAdminText()
  const style = useTimeStyle()
  const ask = useAsk()
  const deed = useDeed()
  const [sure, setSure] = useState(false)
  const act = async (name: Act) => {
    const params = { user: user.user }
    if (await deed.run(() => ask(name, { params, request: {} }))) {
      setSure(false)
      onChanged()
    }
  }
  return (
    <Dialog title={text.manageOf(user.username)} onClose={onClose}>
      <div className="flex flex-col gap-5">
        {user.admin ? (
          <p className="text-sm text-soft">{text.onlyThere}</p>
        ) : (
          <>
            {user.disabled > 0 ? (
              <Choice
                what={text.enableWhy}
                state={`${text.disabled} · ${text.since(dayAndClock(user.disabled, style))}`}
              >
                <Button aria-disabled={deed.busy} onClick={() => void act("adminEnable")}>
                  {text.enable}
                </Button>
              </Choice>
            ) : (
              <Choice what={text.disableWhy}>
                <Button look="danger" aria-disabled={deed.busy} onClick={() => void act("adminDisable")}>
                  {text.disable}
                </Button>
              </Choice>
            )}
            {user.mustRecover ? (
              <p className="text-sm text-amber">{text.mustRecover}</p>
            ) : (
              <Choice what={text.resetWhy}>
                <label className="mb-1 flex min-h-11 items-center gap-3 text-sm">
                  <input
                    type="checkbox"
                    checked={sure}
                    onChange={(event) => setSure(event.target.checked)}
                    className="size-5 shrink-0 accent-accent"
                  />
                  {text.resetSure}
                </label>
                <Button
                  look="danger"
                  disabled={!sure}
                  aria-disabled={deed.busy}
                  onClick={() => void act("adminReset")}
                >
                  {text.reset}
                </Button>
              </Choice>
            )}
          </>
        )}
        <Fault error={deed.error} />
        <Quota user={user} usual={usual} onChanged={onChanged} />
      </div>
    </Dialog>
  )
}

type ChoiceProps = { readonly what: string; readonly state?: string; readonly children: ReactNode }

function Choice({ what, state, children }: ChoiceProps) {
  return (
    <div>
      {state !== undefined && <p className="mb-1 text-sm font-medium text-danger">{state}</p>}
      <p className="mb-2 text-sm text-soft">{what}</p>
      {children}
    </div>
  )
}

function Quota({ user, usual, onChanged }: Omit<Props, "onClose">) {
  const text = useAdminText()
  const ask = useAsk()
  const deed = useDeed()
  const [typed, setTyped] = useState(user.quota === null ? "" : String(Math.round(user.quota / MB)))
  const [wrong, setWrong] = useState(false)
  const [done, setDone] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const plain = typed.trim()
    const good = plain === "" || (/^\d{1,10}$/.test(plain) && Number(plain) <= MOST_MB)
    setWrong(!good)
    setDone(false)
    if (!good) return
    const request = { bytes: plain === "" ? null : Number(plain) * MB }
    if (await deed.run(() => ask("adminQuota", { params: { user: user.user }, request }))) {
      setDone(true)
      onChanged()
    }
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2 border-t border-line pt-4">
      <Field
        label={text.quota}
        hint={text.quotaHint(sizeText(usual))}
        error={wrong ? text.quotaWrong : undefined}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Fault error={deed.error} />
      <div className="flex flex-wrap items-center justify-end gap-3">
        <p role="status" className="text-sm text-soft empty:hidden">
          {done ? text.quotaSet : ""}
        </p>
        <Button type="submit" aria-disabled={deed.busy}>
          {text.setQuota}
        </Button>
      </div>
    </form>
  )
}
