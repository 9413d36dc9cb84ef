/** The recovery code in place of a forgotten password: it sets a new one, and a new code is shown (unconfirmed.tsx). */
import { type FormEvent, useState } from "react"
import { Link } from "../../route/link.tsx"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field } from "../../ui/field.tsx"
import { NewPasswordField } from "../../ui/new-password-field.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Frame } from "./frame.tsx"
import { Progress, type SignedOut } from "./sign-in.tsx"

export function Recover({ session }: { readonly session: SignedOut }) {
  const text = useText()
  const recover = useAction("recover")
  const [username, setUsername] = useState(session.username ?? "")
  const [code, setCode] = useState("")
  const [password, setPassword] = useState("")
  const [missing, setMissing] = useState(false)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lacks = username.trim() === "" || code.trim() === "" || password === ""
    setMissing(lacks)
    if (lacks) recover.clear()
    else void recover.run({ username: username.trim(), code, password })
  }

  return (
    <Frame title={text.recoverTitle} hint={text.recoverHint}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={text.username}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          name="username"
        />
        <Field
          label={text.recoveryCode}
          hint={text.recoverCodeHint}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
        <NewPasswordField
          username={username}
          value={password}
          onChange={setPassword}
          label={text.newPassword}
        />
        {!recover.busy && <Fault sentence={missing ? text.fillIn : undefined} error={recover.error} />}
        <Button look="primary" type="submit" aria-disabled={recover.busy}>
          {text.setNewPassword}
        </Button>
        <p role="status" className="sr-only">
          {recover.busy ? text.settingPassword : ""}
        </p>
      </form>
      {recover.busy && <Progress words={text.settingPassword} />}
      <p className="mt-4 text-center text-sm text-soft">
        <Link
          to={{ page: "sign-in" }}
          className="inline-block py-1 pointer-coarse:py-3 font-medium text-accent underline underline-offset-4"
        >
          {text.backToSignIn}
        </Link>
      </p>
    </Frame>
  )
}
