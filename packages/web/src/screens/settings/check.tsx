import { useId } from "react"
import { useChosen } from "../../ui/use-chosen.ts"

/** A box to tick, with what it means below. */
export function Check({
  name,
  hint,
  on,
  onChange,
}: {
  readonly name: string
  readonly hint?: string
  readonly on: boolean
  readonly onChange: (on: boolean) => unknown
}) {
  const id = useId()
  const [ticked, tick] = useChosen(on, onChange)
  return (
    <>
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={ticked}
          aria-describedby={hint === undefined ? undefined : id}
          onChange={(event) => tick(event.target.checked)}
          className="size-5 shrink-0 accent-accent"
        />
        {name}
      </label>
      {hint !== undefined && (
        <p id={id} className="ps-8 text-sm text-soft">
          {hint}
        </p>
      )}
    </>
  )
}
