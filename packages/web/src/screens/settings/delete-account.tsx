/** The account's end: what it means is said first, and the password is asked for. */
import { type FormEvent, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { Fault } from "../../ui/fault.tsx"
import { PasswordField } from "../../ui/field.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Card } from "./card.tsx"

export function DeleteAccount() {
  const text = useText()
  const [asking, setAsking] = useState(false)
  return (
    <Card title={text.accountEnd}>
      <p className="mb-3 text-sm text-soft">{text.deleteStays}</p>
      <Button look="danger" onClick={() => setAsking(true)}>
        {text.deleteAccount}
      </Button>
      {asking && <Ask onClose={() => setAsking(false)} />}
    </Card>
  )
}

function Ask({ onClose }: { readonly onClose: () => void }) {
  const text = useText()
  const remove = useAction("deleteAccount")
  const [password, setPassword] = useState("")
  const [missing, setMissing] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(password === "")
    if (password === "") remove.clear()
    else void remove.run({ password })
  }
  return (
    <Dialog title={text.deleteAsk} onClose={remove.busy ? undefined : onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-3">
        <ul className="list-disc space-y-1 ps-5 text-sm">
          <li>{text.deleteWhat}</li>
          <li>{text.deleteGroups}</li>
          <li>{text.deleteStays}</li>
        </ul>
        <PasswordField
          label={text.deletePassword}
          value={password}
          onChange={(event) => {
            setPassword(event.target.value)
            setMissing(false)
          }}
          autoComplete="current-password"
        />
        <Fault sentence={missing ? text.deletePasswordMissing : undefined} error={remove.error} />
        <div className="flex justify-end gap-2">
          <Button aria-disabled={remove.busy} onClick={() => !remove.busy && onClose()}>
            {text.cancel}
          </Button>
          <Button look="danger" type="submit" aria-disabled={remove.busy}>
            {remove.busy ? text.deleting : text.deleteAccount}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
