import { type FormEvent, useState } from "react"
import { Link } from "../../route/link.tsx"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field, PasswordField } from "../../ui/field.tsx"
import { NewPasswordField } from "../../ui/new-password-field.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Frame } from "./frame.tsx"
import { dropInvite, inviteTyped, keptInvite } from "./invite.ts"
import { Progress, type SignedOut } from "./sign-in.tsx"

/** Of the refusals that another invitation helps against. */
const isAboutInvite = (kind = "") => /invite|^registration_closed$/.test(kind)

export function CreateAccount({ session }: { readonly session: SignedOut }) {
  const text = useText()
  const create = useAction("createAccount")
  const [username, setUsername] = useState("")
  const [password, setPassword] = useState("")
  const [again, setAgain] = useState("")
  const [fault, setFault] = useState<string>()
  const [typed, setTyped] = useState("")
  const kept = keptInvite()
  // Whoever came by a link does not see its code, unless that turns out to be what is wrong.
  const [asking, setAsking] = useState(!kept)
  if (!asking && isAboutInvite(create.error?.kind)) setAsking(true)
  const asks = asking && session.registration === "invite"

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    create.clear()
    const missing = asks && typed.trim() === "" && !kept
    if (missing || username.trim() === "" || password === "" || again === "") return setFault(text.fillIn)
    const invite = typed.trim() === "" ? kept : inviteTyped(typed)
    if (asks && !invite) return setFault(text.inviteWrong)
    if (password !== again) return setFault(text.passwordsDiffer)
    setFault(undefined)
    const made = await create.run({ username: username.trim(), password, ...(invite && { invite }) })
    if (!made) return
    dropInvite()
    setPassword("")
    setAgain("")
  }

  return (
    <Frame title={text.createAccount} hint={asks ? text.byInvitation : text.createHint}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {asks && (
          <Field
            label={text.inviteCode}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            name="invite"
          />
        )}
        <Field
          label={text.username}
          hint={text.usernameHint}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          name="username"
        />
        <NewPasswordField label={text.password} username={username} value={password} onChange={setPassword} />
        <PasswordField
          label={text.confirmPassword}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
          autoComplete="new-password"
          name="confirm"
        />
        {!create.busy && <Fault sentence={fault} error={create.error} />}
        <Button look="primary" type="submit" aria-disabled={create.busy}>
          {text.createAccount}
        </Button>
        <p role="status" className="sr-only">
          {create.busy ? text.creatingAccount : ""}
        </p>
      </form>
      {create.busy && <Progress words={text.creatingAccount} />}
      <p className="mt-4 text-center text-sm text-soft">
        {text.haveAccount}{" "}
        <Link
          to={{ page: "sign-in" }}
          className="inline-block py-1 pointer-coarse:py-3 font-medium text-accent underline underline-offset-4"
        >
          {text.signIn}
        </Link>
      </p>
    </Frame>
  )
}
