import type { ReactNode } from "react"
import { useText } from "../../text/use-text.ts"
import { IconButton } from "../../ui/button.tsx"
import { CloseIcon } from "../../ui/icons.tsx"
import { BundleIcon, CopyIcon, ForwardIcon, SavedIcon, TrashIcon } from "../../ui/message-icons.tsx"

type Props = {
  readonly count: number
  readonly onForward: (bundled: boolean) => void
  readonly onCopy: () => void
  readonly onSave: () => void
  readonly onDelete: () => void
  readonly onEnd: () => void
}

/** Stands in the composer's place while messages are chosen. */
export function SelectBar({ count, onForward, onCopy, onSave, onDelete, onEnd }: Props) {
  const text = useText()
  const deed = (name: string, icon: ReactNode, run: () => void, danger = false) => (
    <button
      type="button"
      disabled={count === 0}
      onClick={run}
      className={`flex min-h-12 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-xl px-1 text-center text-xs enabled:hover:bg-sunken disabled:opacity-50 ${danger ? "text-danger" : ""}`}
    >
      {icon}
      {name}
    </button>
  )
  return (
    <section aria-label={text.selectMessages} className="safe-bottom border-t border-line bg-surface">
      <div className="mx-auto flex max-w-4xl flex-wrap items-center gap-x-2 px-2 py-1.5 sm:px-4">
        <IconButton name={text.endSelecting} onClick={onEnd}>
          <CloseIcon />
        </IconButton>
        <p role="status" className="me-2 text-sm font-medium tabular-nums">
          {text.selected(count)}
        </p>
        <div className="flex w-full justify-end mid:w-auto mid:flex-1">
          {deed(text.forward, <ForwardIcon size={20} />, () => onForward(false))}
          {deed(text.forwardTogether, <BundleIcon size={20} />, () => onForward(true))}
          {deed(text.copy, <CopyIcon size={20} />, onCopy)}
          {deed(text.saveMessage, <SavedIcon size={20} />, onSave)}
          {deed(text.deleteForMe, <TrashIcon size={20} />, onDelete, true)}
        </div>
      </div>
    </section>
  )
}
