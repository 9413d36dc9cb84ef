/** A password that is to be, with how hard it is to guess. */
import { strength } from "../text/strength.ts"
import { useText } from "../text/use-text.ts"
import { PasswordField } from "./field.tsx"

type Props = {
  readonly label: string
  readonly username: string
  readonly value: string
  readonly onChange: (value: string) => void
}

export function NewPasswordField({ label, username, value, onChange }: Props) {
  const text = useText()
  return (
    <PasswordField
      label={label}
      hint={value === "" ? text.passwordHint : <StrengthHint password={value} username={username} />}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="new-password"
      name="password"
    />
  )
}

const steps = { weak: 1, fair: 2, good: 3 } as const

function StrengthHint({ password, username }: { readonly password: string; readonly username: string }) {
  const text = useText()
  const level = strength(password, username)
  const words = { weak: text.strengthWeak, fair: text.strengthFair, good: text.strengthGood }[level]
  const colour = { weak: "bg-danger", fair: "bg-amber", good: "bg-accent" }[level]
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden="true" className="flex w-24 gap-1">
        {[1, 2, 3].map((step) => (
          <span
            key={step}
            className={`h-1.5 flex-1 rounded-full ${step <= steps[level] ? colour : "bg-line"}`}
          />
        ))}
      </span>
      <span>
        {text.strength}: {words}
      </span>
    </span>
  )
}
