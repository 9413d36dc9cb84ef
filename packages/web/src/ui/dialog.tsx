/**
 * The browser's own modal dialog: focus stays inside and returns, Esc closes, what is behind is inert, and no library
 * writes style elements, which our policy would refuse (that is why it is not a Radix dialog).
 */
import { type ReactNode, useEffect, useId, useRef } from "react"
import { useText } from "../text/use-text.ts"
import { IconButton } from "./button.tsx"
import { CloseIcon } from "./icons.tsx"

type Props = {
  readonly title: string
  readonly children: ReactNode
  /** Absent: only what is inside can close it. */
  readonly onClose?: (() => void) | undefined
  /** A press beside it, which may be a slip; absent: it closes like the button. */
  readonly onBeside?: () => void
}

export function Dialog({ title, children, onClose, onBeside = onClose }: Props) {
  const text = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    if (element && !element.open) element.showModal()
    return () => {
      element?.close()
      // React removes the element before the browser could give the focus back.
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        // A viewer that stands over it, or a picker of files, was cancelled: React passes that on.
        if (event.target !== dialog.current) return
        event.preventDefault()
        onClose?.()
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onBeside?.()
      }}
      className="w-[min(28rem,calc(100vw-2rem))] max-h-[calc(100dvh-2rem)] overflow-y-auto rounded-2xl border border-line bg-surface shadow-(--shadow) open:animate-[rise_160ms_ease-out]"
    >
      <div className="p-[min(1.25rem,6vw)] sm:p-6">
        <div className="mb-3 flex items-start justify-between gap-3">
          <h2 id={heading} className="min-w-0 pt-1.5 text-lg font-semibold wrap-anywhere">
            {title}
          </h2>
          {onClose && (
            <IconButton name={text.close} onClick={onClose} className="-me-2 -mt-1">
              <CloseIcon />
            </IconButton>
          )}
        </div>
        {children}
      </div>
    </dialog>
  )
}
