/** What somebody on the black list says in a group: one quiet line until it is asked for, for this time of looking only. */
import { useEffect, useRef, useState } from "react"
import { useText } from "../../text/use-text.ts"
import { Message, type MessageProps } from "./message.tsx"

export function Said(props: MessageProps) {
  return props.item.blocked ? <Folded {...props} /> : <Message {...props} />
}

function Folded(props: MessageProps) {
  const { item, focusable, active, marked } = props
  const text = useText()
  const [shown, setShown] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The line that had the focus is gone, and what it hid takes its place.
    if (shown) place.current?.querySelector("article")?.focus()
  }, [shown])
  return (
    <div ref={place} className="contents">
      {shown ? (
        <Message {...props} />
      ) : (
        <article
          data-key={item.key}
          data-seq={item.seq}
          data-marked={marked || undefined}
          aria-label={text.blockedSaid}
          tabIndex={focusable ? 0 : -1}
          onKeyDown={(event) => {
            if (event.key === "Enter" && event.target === event.currentTarget) setShown(true)
          }}
          className="mx-3 my-1 flex flex-wrap items-center justify-center gap-x-1 rounded-lg text-center text-xs text-soft data-marked:bg-amber-wash"
        >
          <span>{text.blockedSaid}</span>
          <button
            type="button"
            tabIndex={active ? 0 : -1}
            onClick={() => setShown(true)}
            className="min-h-8 rounded-lg px-2 font-medium text-accent hover:bg-sunken pointer-coarse:min-h-11"
          >
            {text.showIt}
          </button>
        </article>
      )}
    </div>
  )
}
