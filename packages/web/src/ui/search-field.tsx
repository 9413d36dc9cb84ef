import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from "react"
import { inputLook } from "./field.tsx"
import { isForIme, useComposition } from "./ime.ts"

type Props = {
  readonly name: string
  /** Told what is looked for, never half a word of an input method (UX 5). */
  readonly onQuery: (words: string) => void
  /** Keys that are not the input method's. */
  readonly onKey?: (event: KeyboardEvent<HTMLInputElement>) => void
  readonly className?: string
  readonly ref?: Ref<HTMLInputElement>
}

/** What narrows a list down while one types. */
export function SearchField({ name, onQuery, onKey, className = "", ref }: Props) {
  const field = useRef<HTMLInputElement>(null)
  useImperativeHandle(ref, () => field.current as HTMLInputElement)
  const [typed, setTyped] = useState("")
  const composition = useComposition(() => onQuery(field.current?.value.trim() ?? ""))
  return (
    <input
      ref={field}
      type="search"
      aria-label={name}
      placeholder={name}
      autoComplete="off"
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value)
        const half = composition.active() || (event.nativeEvent as InputEvent).isComposing === true
        if (!half) onQuery(event.target.value.trim())
      }}
      {...composition.handlers}
      onKeyDown={(event) => {
        if (!isForIme({ ...event, isComposing: event.nativeEvent.isComposing }, composition.active()))
          return onKey?.(event)
        // Esc ends the word. A search field would be emptied by it, and what the field stands in would close.
        event.stopPropagation()
        if (event.key === "Escape") event.preventDefault()
      }}
      className={`${inputLook} ${className}`}
    />
  )
}
