import type { BundleShown } from "@teahouse/client/view/port/messages.ts"
import { said } from "@teahouse/client/words/said.ts"
import { exactTime, separator } from "@teahouse/client/words/time.ts"
import { useText } from "../../../text/use-text.ts"
import { Avatar } from "../../../ui/avatar.tsx"
import { Dialog } from "../../../ui/dialog.tsx"
import { useNow } from "../../../ui/use-now.ts"
import { useTimeStyle } from "../../../ui/use-time-style.ts"
import type { At } from "../../files/previews.ts"
import { FileShown } from "../bodies/file.tsx"
import { RichText } from "../rich-text.tsx"

/** It is no message of its own: nothing of it is on its way, and no voice in it waits to be listened to. */
const still = { mine: true, moving: false, active: true }

/** `at`: the message that holds them. */
type Props = { readonly bundle: BundleShown; readonly at: At; readonly onClose: () => void }

export function BundleView({ bundle, at, onClose }: Props) {
  const text = useText()
  const style = useTimeStyle()
  const now = useNow(undefined)
  return (
    <Dialog title={bundle.title} onClose={onClose}>
      <ol className="flex flex-col gap-3">
        {bundle.items.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one immutable bundle never move
          <li key={index} className="flex gap-2.5 border-b border-line pb-3 last:border-0">
            <Avatar name={line.name} seed={line.name} size={32} />
            <div className="min-w-0 flex-1">
              <p className="flex items-baseline gap-2 text-xs text-soft">
                <span className="min-w-0 flex-1 truncate">{line.name}</span>
                <time dateTime={new Date(line.at).toISOString()} title={exactTime(line.at, style)}>
                  {separator(line.at, now, style)}
                </time>
              </p>
              <div className="wrap-anywhere">
                {line.file ? (
                  <>
                    <FileShown at={{ ...at, line: index }} file={line.file} {...still} />
                    {line.text !== line.file.name && <RichText text={line.text} />}
                  </>
                ) : (
                  <RichText text={said(line, text)} />
                )}
              </div>
            </div>
          </li>
        ))}
      </ol>
    </Dialog>
  )
}
