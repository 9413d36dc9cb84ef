/** The password, before anything is exported: whoever finds this page open does not have it. The house checks it. */
import { type FormEvent, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { PasswordField } from "../../ui/field.tsx"
import { useAction } from "../../ui/use-action.ts"

type Props = { readonly onClose: () => void; readonly onPass: (pass: string) => void }

export function AskPassword({ onClose, onPass }: Props) {
  const text = useText()
  const begin = useAction("beginExport")
  const [password, setPassword] = useState("")
  const [missing, setMissing] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setMissing(password === "")
    if (password === "") return begin.clear()
    const begun = await begin.run({ password })
    if (!begun) return
    onClose()
    onPass(begun.value.pass)
  }
  const offline = begin.error?.kind === "offline"
  return (
    <Dialog title={text.exportAsk} onClose={begin.busy ? undefined : onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-3">
        <p className="text-sm text-soft">{text.exportWhy}</p>
        <PasswordField
          label={text.password}
          value={password}
          onChange={(event) => {
            setPassword(event.target.value)
            setMissing(false)
          }}
          autoComplete="current-password"
        />
        <Fault
          sentence={missing ? text.deletePasswordMissing : offline ? text.exportOffline : undefined}
          error={begin.error}
        />
        <div className="flex justify-end gap-2">
          <Button aria-disabled={begin.busy} onClick={() => !begin.busy && onClose()}>
            {text.cancel}
          </Button>
          <Button type="submit" aria-disabled={begin.busy}>
            {begin.busy ? text.exportProving : text.exportGo}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
