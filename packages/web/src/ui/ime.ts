/**
 * UX 5: Enter while an input method composes chooses a word; it must never send, save or close. Chromium says so by
 * `isComposing`, some by keyCode 229, and Safari ends the composition before the keydown that ended it – hence the flag,
 * which falls one task later.
 */
import { useEffect, useMemo, useRef } from "react"

export type KeyLike = {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly isComposing: boolean
  readonly keyCode: number
}

/** Is this key for the input method and not for us? */
export const isForIme = (event: KeyLike, composing: boolean): boolean =>
  composing || event.isComposing || event.keyCode === 229

/** Does this key send? On touch keyboards Enter always breaks the line. */
export function sends(
  event: KeyLike,
  composing: boolean,
  setting: { readonly enterSends: boolean; readonly touch: boolean },
): boolean {
  if (event.key !== "Enter" || isForIme(event, composing) || event.shiftKey || event.altKey) return false
  const withControl = event.ctrlKey || event.metaKey
  if (withControl) return true
  return setting.enterSends && !setting.touch
}

export type Composition = {
  readonly active: () => boolean
  readonly handlers: { readonly onCompositionStart: () => void; readonly onCompositionEnd: () => void }
}

export function useComposition(onEnd?: () => void): Composition {
  const composing = useRef(false)
  const count = useRef(0)
  const ended = useRef(onEnd)
  useEffect(() => {
    ended.current = onEnd
  })
  return useMemo(
    () => ({
      active: () => composing.current,
      handlers: {
        onCompositionStart: () => {
          composing.current = true
          count.current += 1
        },
        onCompositionEnd: () => {
          const mine = count.current
          setTimeout(() => {
            // The next composition may have begun within the same task.
            if (count.current !== mine) return
            composing.current = false
            ended.current?.()
          }, 0)
        },
      },
    }),
    [],
  )
}
