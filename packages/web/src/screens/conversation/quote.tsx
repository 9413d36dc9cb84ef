import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import { quoted } from "@teahouse/client/words/said.ts"
import { useText } from "../../text/use-text.ts"
import { useActing } from "./acting.ts"

type Props = { readonly item: MessageItem; readonly active: boolean }

/** What a message answers, inside its bubble. A press leads there; `gone` leads nowhere. */
export function QuoteInBubble({ item, active }: Props) {
  const text = useText()
  const acting = useActing()
  const quote = item.reply
  if (!quote) return null
  const what = quoted(quote, text)
  return (
    <button
      type="button"
      disabled={quote.gone}
      tabIndex={active ? 0 : -1}
      onClick={() => acting.jump(quote.seq, item.seq)}
      className="mb-1.5 flex min-h-6 w-full min-w-0 items-center gap-2 rounded-lg border-s-3 border-accent bg-ink/6 px-2.5 py-1 text-start text-sm transition-colors enabled:hover:bg-ink/10 disabled:border-edge pointer-coarse:min-h-11"
    >
      {quote.thumb && !quote.gone && (
        <img src={quote.thumb} alt="" className="size-9 shrink-0 rounded object-cover" />
      )}
      <span className="sr-only">{text.quoteBefore} </span>
      <span className="min-w-0">
        {!quote.gone && (
          <span className="block truncate font-medium text-accent-strong">{quote.from.name}</span>
        )}
        <span className={`line-clamp-2 ${quote.gone || quote.blocked ? "italic opacity-80" : ""}`}>
          {what}
        </span>
      </span>
    </button>
  )
}
