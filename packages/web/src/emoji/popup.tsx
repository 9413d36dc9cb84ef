/** The picker as something that stands over the page: Esc, a press elsewhere or Tab out of it close it; focus returns. */
import { lazy, Suspense, useEffect, useLayoutEffect, useRef } from "react"
import { createPortal } from "react-dom"
import { useText } from "../text/use-text.ts"
import { keepInside, type MenuPlace } from "../ui/menu.tsx"
import type { PickerTab } from "./picker.tsx"

const EmojiPicker = lazy(() => import("./picker.tsx").then((found) => ({ default: found.EmojiPicker })))

type Props = {
  readonly place: MenuPlace
  readonly tabs?: readonly PickerTab[]
  readonly onPick: (emoji: string, stay: boolean) => void
  readonly onClose: () => void
}

export function EmojiPopup({ place, tabs, onPick, onClose }: Props) {
  const text = useText()
  const popup = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useLayoutEffect(() => {
    const element = popup.current
    if (!element) return
    keepInside(element, place.x, place.y)
    // It grows when it has been loaded.
    const observer = new ResizeObserver(() => keepInside(element, place.x, place.y))
    observer.observe(element)
    const onPress = (event: PointerEvent) => {
      const target = event.target as Node
      // The button that opened it closes it by itself.
      if (!element.contains(target) && !place.from.contains(target)) close.current()
    }
    document.addEventListener("pointerdown", onPress, true)
    return () => {
      observer.disconnect()
      document.removeEventListener("pointerdown", onPress, true)
    }
  }, [place])
  return createPortal(
    <div
      ref={popup}
      role="dialog"
      aria-label={text.emoji}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.nativeEvent.isComposing) return
        event.preventDefault()
        event.stopPropagation()
        onClose()
        place.from.focus({ preventScroll: true })
      }}
      onBlur={(event) => {
        if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) onClose()
      }}
      className="popup fixed z-40 overflow-hidden rounded-2xl border border-line bg-surface shadow-(--shadow) animate-[rise_120ms_ease-out]"
    >
      <Suspense
        fallback={
          <p className="flex h-[min(25rem,70dvh)] w-[min(22rem,calc(100vw-1rem))] items-center justify-center text-soft">
            {text.loading}
          </p>
        }
      >
        <EmojiPicker onPick={onPick} {...(tabs && { tabs })} />
      </Suspense>
    </div>,
    document.querySelector("main") ?? document.body,
  )
}
