import { quoted } from "@teahouse/client/words/said.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { PinIcon } from "../../ui/message-icons.tsx"

type Props = { readonly room: Id; readonly onJump: (seq: number) => void; readonly onAll: () => void }

/** Under the head of a chat: what was pinned last; all of them behind a press. */
export function PinsBar({ room, onJump, onAll }: Props) {
  const text = useText()
  const items = useView("pins", { room })?.items ?? []
  const [newest] = items
  if (!newest) return null
  return (
    <section
      aria-label={text.pinnedMessages}
      className="flex min-h-11 items-stretch border-b border-line bg-surface ps-3 text-sm mid:ps-5"
    >
      <button
        type="button"
        onClick={() => newest.seq !== undefined && onJump(newest.seq)}
        className="flex min-w-0 flex-1 items-center gap-2 py-1.5 pointer-coarse:min-h-11 text-start hover:text-accent-strong"
      >
        <PinIcon size={18} className="text-accent" />
        <span className="truncate">
          <span className="text-soft">{newest.mine ? text.you : newest.from.name}: </span>
          {quoted(newest, text)}
        </span>
      </button>
      <button
        type="button"
        aria-label={text.showPinned(items.length)}
        title={text.showPinned(items.length)}
        onClick={onAll}
        className="min-w-11 px-3 pointer-coarse:min-h-11 font-medium text-accent hover:bg-sunken"
      >
        {items.length}
      </button>
    </section>
  )
}
