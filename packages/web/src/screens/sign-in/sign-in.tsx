import type { ViewValue } from "@teahouse/client/view/port.ts"
import { type FormEvent, useState } from "react"
import { Link } from "../../route/link.tsx"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { Field, PasswordField } from "../../ui/field.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Frame } from "./frame.tsx"
import { keepStorage } from "./keep.ts"

export type SignedOut = Extract<ViewValue<"session">, { state: "signed_out" }>

export function SignIn({ session }: { readonly session: SignedOut }) {
  const text = useText()
  const signIn = useAction("signIn")
  const [username, setUsername] = useState(session.username ?? "")
  const [password, setPassword] = useState("")
  const [missing, setMissing] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const lacks = username.trim() === "" || password === ""
    setMissing(lacks)
    if (lacks) signIn.clear()
    else if (await signIn.run({ username: username.trim(), password })) keepStorage()
  }

  return (
    <Frame title={text.signIn} hint={text.signInHint}>
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
        <PasswordField
          label={text.password}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          name="password"
        />
        {!signIn.busy && (
          <Fault
            sentence={missing ? text.fillIn : undefined}
            error={signIn.error ?? (session.reason ? { kind: session.reason } : undefined)}
          />
        )}
        <Button look="primary" type="submit" aria-disabled={signIn.busy}>
          {text.signIn}
        </Button>
        <p role="status" className="sr-only">
          {signIn.busy ? text.signingIn : ""}
        </p>
      </form>
      {signIn.busy && <Progress words={text.signingIn} />}
      <p className="mt-4 text-center text-sm text-soft">
        {text.haveNoAccount}{" "}
        <Link
          to={{ page: "create" }}
          className="inline-block py-1 pointer-coarse:py-3 font-medium text-accent underline underline-offset-4"
        >
          {text.createAccount}
        </Link>
      </p>
      <p className="text-center text-sm text-soft">
        {text.forgotPassword}{" "}
        <Link
          to={{ page: "recover" }}
          className="inline-block py-1 pointer-coarse:py-3 font-medium text-accent underline underline-offset-4"
        >
          {text.useRecoveryCode}
        </Link>
      </p>
    </Frame>
  )
}

/** Stretching a password takes a second or two on purpose. */
export function Progress({ words }: { readonly words: string }) {
  return (
    <p aria-hidden="true" className="mt-3 flex items-center justify-center gap-2 text-sm text-soft">
      <span className="size-3 animate-spin rounded-full border-2 border-accent border-t-transparent" />
      {words}
    </p>
  )
}
