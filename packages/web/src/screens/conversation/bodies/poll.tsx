import type { MessageItem, PollShown } from "@teahouse/client/view/port/messages.ts"
import { useId } from "react"
import { useCommand } from "../../../port/use-view.ts"
import { useText } from "../../../text/use-text.ts"
import { useActing } from "../acting.ts"
import { DeliveryMark } from "../delivery.tsx"

type Props = { readonly item: MessageItem; readonly poll: PollShown; readonly active: boolean }

/** A question with its answers: a press votes, the bars say how it stands. Real radios and checkboxes, so keys work. */
export function PollBody({ item, poll, active }: Props) {
  const text = useText()
  const acting = useActing()
  const command = useCommand()
  const name = useId()
  const { seq } = item
  const chosen = poll.options.flatMap((option, index) => (option.mine ? [index] : []))
  const voters = new Set(poll.options.flatMap((option) => option.people.map(({ user }) => user)))
  const open = !poll.ended && seq !== undefined
  const vote = (index: number, on: boolean) => {
    if (seq === undefined) return
    const others = poll.multiple ? chosen.filter((each) => each !== index) : []
    const choices = (on ? [...others, index] : others).sort((a, b) => a - b)
    void command("vote", { room: acting.room, seq, choices })
  }
  return (
    <fieldset className="w-72 max-w-full min-w-0 pb-4">
      <legend className="font-medium wrap-anywhere">{poll.question}</legend>
      <p className="mb-2 text-xs text-soft">
        {text.poll} · {poll.ended ? text.pollEnded : poll.multiple ? text.pollMany : text.pollOne} ·{" "}
        {text.pollVotes(voters.size)}{" "}
        {item.waiting && !item.mine && (
          <span className="inline-block align-middle">
            <DeliveryMark delivery="waiting" />
          </span>
        )}
      </p>
      {poll.options.map((option, index) => {
        const share = voters.size === 0 ? 0 : option.people.length / voters.size
        return (
          <label
            // biome-ignore lint/suspicious/noArrayIndexKey: the answers of a poll never move
            key={index}
            title={option.people.map((person) => person.name).join(text.listComma)}
            className={`mb-1.5 block min-h-6 rounded-lg px-1 py-1 pointer-coarse:min-h-11 ${open ? "cursor-pointer hover:bg-ink/6" : ""}`}
          >
            <span className="flex items-start gap-2">
              <input
                type={poll.multiple ? "checkbox" : "radio"}
                name={name}
                checked={option.mine}
                disabled={!open}
                tabIndex={active ? 0 : -1}
                onChange={(event) => vote(index, event.target.checked)}
                className="mt-1 size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0 flex-1 wrap-anywhere">{option.text}</span>
              <span className="text-sm text-soft tabular-nums">{option.people.length}</span>
            </span>
            <span aria-hidden="true" className="ms-6 mt-1 block h-1.5 overflow-hidden rounded-full bg-ink/10">
              <span
                className="block h-full rounded-full bg-accent transition-[width] duration-300"
                style={{ width: `${Math.round(share * 100)}%` }}
              />
            </span>
          </label>
        )
      })}
      {item.mine && open && (
        <button
          type="button"
          tabIndex={active ? 0 : -1}
          onClick={() => void command("endPoll", { room: acting.room, seq })}
          className="min-h-8 pointer-coarse:min-h-11 rounded-lg px-2 text-sm font-medium text-accent-strong hover:bg-ink/6"
        >
          {text.pollEnd}
        </button>
      )}
    </fieldset>
  )
}
