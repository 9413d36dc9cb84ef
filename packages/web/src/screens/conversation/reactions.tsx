import type { MessageItem, Reaction } from "@teahouse/client/view/port/messages.ts"
import { useRef } from "react"
import { useText } from "../../text/use-text.ts"
import { FaceAddIcon } from "../../ui/message-icons.tsx"
import { useActing } from "./acting.ts"
import { DeliveryMark } from "./delivery.tsx"

type Props = { readonly item: MessageItem; readonly active: boolean }

/** Names that a tooltip can hold. */
const SHOWN = 12
const chip =
  "button inline-flex min-h-7 pointer-coarse:min-h-11 pointer-coarse:min-w-11 pointer-coarse:justify-center items-center gap-1 rounded-full border px-2 text-sm leading-none transition-colors pointer-coarse:min-h-9"

export function Reactions({ item, active }: Props) {
  const text = useText()
  const acting = useActing()
  const adder = useRef<HTMLButtonElement>(null)
  if (item.reactions.length === 0) return null
  return (
    <div className={`mt-1 flex flex-wrap gap-1 ${item.mine ? "justify-end" : ""}`}>
      {item.reactions.map((reaction) => (
        <button
          key={reaction.emoji}
          type="button"
          aria-pressed={reaction.mine}
          aria-label={name(reaction)}
          title={names(reaction)}
          tabIndex={active ? 0 : -1}
          onClick={() => acting.react(item, reaction.emoji, !reaction.mine)}
          className={`${chip} ${reaction.mine ? "border-accent bg-wash" : "border-line bg-surface hover:bg-sunken"}`}
        >
          <span className="text-base leading-none">{reaction.emoji}</span>
          <span className="text-xs tabular-nums">{reaction.people.length}</span>
        </button>
      ))}
      {item.waiting && !item.mine && (
        <span className="self-center text-soft">
          <DeliveryMark delivery="waiting" />
        </span>
      )}
      <button
        ref={adder}
        type="button"
        aria-label={text.addReaction}
        title={text.addReaction}
        tabIndex={active ? 0 : -1}
        onClick={() => {
          const from = adder.current
          const place = from?.getBoundingClientRect()
          if (from && place)
            acting.pickReaction(item, { x: place.left, y: place.bottom + 4, byKey: false, from })
        }}
        className={`${chip} border-transparent text-soft opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 hover:bg-sunken`}
      >
        <FaceAddIcon size={18} />
      </button>
    </div>
  )

  function names({ people }: Reaction): string {
    const shown = people.slice(0, SHOWN).map((person) => (person.user === acting.me ? text.you : person.name))
    return shown.join(text.listComma) + (people.length > SHOWN ? " …" : "")
  }
  function name(reaction: Reaction): string {
    const { emoji, people, mine } = reaction
    return mine
      ? text.reactionMine(emoji, people.length, names(reaction))
      : text.reactionOthers(emoji, people.length, names(reaction))
  }
}
