import type { BundleShown } from "@teahouse/client/view/port/messages.ts"
import { said } from "@teahouse/client/words/said.ts"
import { useText } from "../../../text/use-text.ts"
import type { At } from "../../files/previews.ts"
import { useActing } from "../acting.ts"

const SHOWN = 4

/** Several messages forwarded as one: the first lines, and a press opens them all. */
type Props = {
  readonly bundle: BundleShown
  readonly at: At
  readonly mine: boolean
  readonly active: boolean
}

export function BundleBody({ bundle, at, mine, active }: Props) {
  const text = useText()
  const acting = useActing()
  const soft = mine ? "text-mine-soft" : "text-soft"
  return (
    <button
      type="button"
      tabIndex={active ? 0 : -1}
      onClick={() => acting.openBundle(bundle, at)}
      className="block w-64 max-w-full pb-4 text-start"
    >
      <span className="sr-only">{text.openBundle} </span>
      <span className="block truncate font-medium">{bundle.title}</span>
      <span className={`mt-1 block text-sm ${soft}`}>
        {bundle.items.slice(0, SHOWN).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one immutable bundle never move
          <span key={index} className="block truncate">
            {line.name}: {said(line, text)}
          </span>
        ))}
      </span>
      <span className={`mt-1.5 block border-t border-ink/12 pt-1 text-xs ${soft}`}>
        {text.bundleOf(bundle.items.length)}
      </span>
    </button>
  )
}
