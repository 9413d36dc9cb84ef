import { quoted } from "@teahouse/client/words/said.ts"
import { exactTime, separator } from "@teahouse/client/words/time.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useCommand, useView } from "../../../port/use-view.ts"
import { useText } from "../../../text/use-text.ts"
import { Button } from "../../../ui/button.tsx"
import { Dialog } from "../../../ui/dialog.tsx"
import { useNow } from "../../../ui/use-now.ts"
import { useTimeStyle } from "../../../ui/use-time-style.ts"

type Props = { readonly room: Id; readonly onJump: (seq: number) => void; readonly onClose: () => void }

export function Pinned({ room, onJump, onClose }: Props) {
  const text = useText()
  const style = useTimeStyle()
  const now = useNow(undefined)
  const command = useCommand()
  const items = useView("pins", { room })?.items ?? []
  return (
    <Dialog title={text.pinnedMessages} onClose={onClose}>
      {items.length === 0 && <p className="text-sm text-soft">{text.nobodyYet}</p>}
      <ul aria-label={text.pinnedMessages} className="flex flex-col gap-2">
        {items.map((item) => (
          <li key={item.key} className="rounded-xl bg-sunken px-3 py-2">
            <p className="flex items-baseline gap-2 text-xs text-soft">
              <span className="min-w-0 flex-1 truncate">{item.mine ? text.you : item.from.name}</span>
              <time dateTime={new Date(item.at).toISOString()} title={exactTime(item.at, style)}>
                {separator(item.at, now, style)}
              </time>
            </p>
            <p className="line-clamp-4 wrap-anywhere whitespace-pre-wrap">{quoted(item, text)}</p>
            <div className="-mx-2 flex justify-end gap-1">
              {item.may.pin && item.seq !== undefined && (
                <Button
                  look="quiet"
                  className="min-h-9 pointer-coarse:min-h-11 text-sm"
                  onClick={() => void command("pin", { room, seq: item.seq ?? 0, on: false })}
                >
                  {text.unpin}
                </Button>
              )}
              <Button
                look="quiet"
                className="min-h-9 pointer-coarse:min-h-11 text-sm"
                onClick={() => item.seq !== undefined && onJump(item.seq)}
              >
                {text.goToMessage}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
