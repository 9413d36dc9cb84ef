import { type InputHTMLAttributes, type ReactNode, useId, useState } from "react"
import { useText } from "../text/use-text.ts"

type Props = InputHTMLAttributes<HTMLInputElement> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
}

export const inputLook =
  "w-full min-h-11 rounded-xl border border-edge bg-surface px-3 py-2 text-base text-ink placeholder:text-soft"

export function Field({ label, hint, error, className = "", ...more }: Props) {
  const id = useId()
  const describe = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ")
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        className={inputLook}
        aria-invalid={error ? true : undefined}
        aria-describedby={describe || undefined}
        {...more}
      />
      {hint && (
        <div id={`${id}-hint`} className="mt-1 text-sm text-soft">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1 text-sm text-danger">
          {error}
        </p>
      )}
    </div>
  )
}

/** Pasting and password managers work; the text can be shown. */
export function PasswordField({ label, hint, error, ...more }: Props) {
  const text = useText()
  const id = useId()
  const [shown, setShown] = useState(false)
  const describe = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ")
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          type={shown ? "text" : "password"}
          className={`${inputLook} pe-20`}
          aria-invalid={error ? true : undefined}
          aria-describedby={describe || undefined}
          autoCapitalize="none"
          spellCheck={false}
          {...more}
        />
        <button
          type="button"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-1 pointer-coarse:inset-y-0 end-1 min-w-16 rounded-lg px-2 text-sm text-accent hover:bg-wash"
        >
          {shown ? text.hide : text.show}
        </button>
      </div>
      {hint && (
        <div id={`${id}-hint`} className="mt-1 text-sm text-soft">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1 text-sm text-danger">
          {error}
        </p>
      )}
    </div>
  )
}
