import type { Member } from "@teahouse/client/view/port/basic.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import type { Candidate } from "./mentions.ts"

type Props = {
  readonly id: string
  readonly found: readonly Candidate[]
  readonly at: number
  readonly onChoose: (candidate: Candidate) => void
  readonly onPoint: (at: number) => void
}

export const optionId = (id: string, at: number) => `${id}-${at}`

/** UX 11: the list over the composer. The focus stays in the text; arrows, Enter, Tab and Esc are the composer's. */
export function MentionPopup({ id, found, at, onChoose, onPoint }: Props) {
  const text = useText()
  return (
    <div
      id={id}
      role="listbox"
      aria-label={text.mentionList}
      // It scrolls, so a keyboard must be able to reach it, though the arrows of the text already do all that is needed.
      tabIndex={0}
      onPointerDown={(event) => event.preventDefault()}
      className="absolute start-0 bottom-full z-30 mb-2 max-h-64 w-72 max-w-full overflow-y-auto rounded-2xl border border-line bg-surface p-1.5 shadow-(--shadow)"
    >
      {found.map((candidate, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text, which names the active option
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the composer's
        <div
          key={candidate.user}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === at}
          ref={(element) => {
            if (index === at) element?.scrollIntoView({ block: "nearest" })
          }}
          onPointerMove={() => onPoint(index)}
          onClick={() => onChoose(candidate)}
          className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-2 py-1 aria-selected:bg-wash"
        >
          {candidate.member ? (
            <Avatar name={candidate.name} seed={candidate.user} size={30} />
          ) : (
            <span
              aria-hidden="true"
              className="inline-flex size-7.5 items-center justify-center rounded-[28%] bg-amber-wash font-semibold text-amber"
            >
              @
            </span>
          )}
          <span className="min-w-0 flex-1 truncate">{candidate.name}</span>
          <span className="max-w-[45%] truncate text-xs text-soft">
            {candidate.member ? besides(candidate.member) : text.everyoneHint}
          </span>
        </div>
      ))}
    </div>
  )
}

/** What will be written, where one calls them otherwise; else whatever tells two of the same name apart. */
const besides = ({ name, publicName, username }: Member) =>
  [publicName, username].find((each) => each !== name)
