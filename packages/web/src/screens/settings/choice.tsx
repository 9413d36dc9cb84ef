import { useId } from "react"
import { useChosen } from "../../ui/use-chosen.ts"

type ChoiceProps<T extends string> = {
  readonly name: string
  readonly value: T
  readonly options: readonly (readonly [T, string])[]
  readonly stacked?: boolean
  readonly onChange: (value: T) => unknown
}

/** Radio buttons, drawn as one strip or as lines. */
export function Choice<T extends string>({ name, value, options, stacked, onChange }: ChoiceProps<T>) {
  const group = useId()
  const [chosen, choose] = useChosen(value, onChange)
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">{name}</legend>
      <div className={stacked ? "flex flex-col" : "flex flex-wrap rounded-xl bg-sunken p-1"}>
        {options.map(([key, label]) => (
          <label
            key={key}
            lang={key === "zh-CN" || key === "en" ? key : undefined}
            className={
              stacked
                ? "flex min-h-11 items-center gap-3"
                : "relative flex min-h-10 pointer-coarse:min-h-11 flex-1 cursor-pointer items-center justify-center rounded-lg px-2 text-center text-sm has-checked:bg-surface has-checked:font-medium has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent forced-colors:has-checked:outline-2"
            }
          >
            <input
              type="radio"
              name={group}
              checked={key === chosen}
              onChange={() => choose(key)}
              className={
                // Over its whole label, so that it is where it is seen.
                stacked
                  ? "size-5 shrink-0 accent-accent"
                  : "absolute inset-0 size-full cursor-pointer opacity-0"
              }
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
