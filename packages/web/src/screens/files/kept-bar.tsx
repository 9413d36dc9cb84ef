import { useId } from "react"
import { useText } from "../../text/use-text.ts"
import { inLine } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { FileBoxIcon } from "../../ui/icons.tsx"
import type { KeptFiles } from "./use-kept.ts"

type Props = {
  readonly kept: KeptFiles
  /** The buttons go away: the focus must be somewhere else. */
  readonly onLeave: () => void
}

/** UX 9, above the composer: files that were picked and not sent. Quiet: nobody asked for them at this moment. */
export function KeptBar({ kept, onLeave }: Props) {
  const text = useText()
  const id = useId()
  const choices = [
    [text.openKept, kept.open],
    [text.discardKept, kept.discard],
  ] as const
  return (
    <>
      <Fault error={kept.error} />
      <div className="mb-1 flex flex-wrap items-center gap-x-2 rounded-xl border-s-3 border-accent bg-wash px-3 py-1.5 text-sm">
        <span className="text-accent">
          <FileBoxIcon size={18} />
        </span>
        <span id={id} className="me-auto">
          {text.filesNotSent(kept.count)}
        </span>
        {choices.map(([name, act]) => (
          <button
            key={name}
            type="button"
            aria-describedby={id}
            className={inLine}
            onClick={() => {
              onLeave()
              act()
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </>
  )
}
