import { useId } from "react"
import { useChosen } from "./use-chosen.ts"

type Props = {
  readonly name: string
  readonly hint?: string
  readonly on: boolean
  readonly onChange: (on: boolean) => unknown
}

export function Switch({ name, hint, on, onChange }: Props) {
  const id = useId()
  const [turned, turn] = useChosen(on, onChange)
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-3">
      <span className="min-w-0 flex-1">
        {name}
        {hint && (
          <span id={id} className="block text-sm text-soft">
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={turned}
        checked={turned}
        aria-describedby={hint ? id : undefined}
        onChange={(event) => turn(event.target.checked)}
        className="peer sr-only"
      />
      <span
        aria-hidden="true"
        className="relative h-6 w-10 shrink-0 rounded-full border border-edge bg-sunken transition-colors after:absolute after:start-0.5 after:top-0.5 after:size-4.5 after:rounded-full after:bg-edge after:transition-transform peer-checked:border-accent peer-checked:bg-accent peer-checked:after:translate-x-4 peer-checked:after:bg-on-accent peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent"
      />
    </label>
  )
}
