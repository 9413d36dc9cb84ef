/** A new password for somebody who knows the old one. All other devices are signed out by it: that is said first. */
import { type FormEvent, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { PasswordField } from "../../ui/field.tsx"
import { NewPasswordField } from "../../ui/new-password-field.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Card } from "./card.tsx"
import { Check } from "./check.tsx"

type Props = {
  readonly username: string
  readonly asking: boolean
  readonly onAsking: (asking: boolean) => void
}

export function ChangePassword({ username, asking, onAsking }: Props) {
  const text = useText()
  const [changed, setChanged] = useState(false)
  const close = (done: boolean) => {
    onAsking(false)
    setChanged(done)
  }
  return (
    <Card title={text.password}>
      <p className="mb-3 text-sm text-soft">{text.changePasswordHint}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => onAsking(true)}>{text.changePassword}</Button>
        <p role="status" className="text-sm text-soft">
          {changed ? text.passwordChanged : ""}
        </p>
      </div>
      {asking && <Ask username={username} onClose={close} />}
    </Card>
  )
}

function Ask({
  username,
  onClose,
}: {
  readonly username: string
  readonly onClose: (changed: boolean) => void
}) {
  const text = useText()
  const change = useAction("changePassword")
  const [current, setCurrent] = useState("")
  const [password, setPassword] = useState("")
  const [known, setKnown] = useState(false)
  const [missing, setMissing] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const lacks = current === "" || password === ""
    setMissing(lacks)
    if (lacks) change.clear()
    else if (await change.run({ current, password, others: known ? "go" : "stay" })) onClose(true)
  }
  const wrong = change.error?.kind === "wrong_credentials"
  return (
    <Dialog title={text.changePassword} onClose={change.busy ? undefined : () => onClose(false)}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <p className="text-sm text-soft">{text.changePasswordWhat}</p>
        {/* For password managers: whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordField
          label={text.currentPassword}
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          autoComplete="current-password"
        />
        <NewPasswordField
          label={text.newPassword}
          username={username}
          value={password}
          onChange={setPassword}
        />
        <div>
          <Check name={text.passwordKnown} hint={text.passwordKnownHint} on={known} onChange={setKnown} />
        </div>
        {!change.busy && (
          <Fault
            sentence={missing ? text.fillIn : wrong ? text.currentPasswordWrong : undefined}
            error={change.error}
          />
        )}
        <div className="flex justify-end gap-2">
          <Button aria-disabled={change.busy} onClick={() => !change.busy && onClose(false)}>
            {text.cancel}
          </Button>
          <Button look="primary" type="submit" aria-disabled={change.busy}>
            {change.busy ? text.settingPassword : text.changePassword}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
