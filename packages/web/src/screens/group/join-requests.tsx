/** 入群确认: people who wait for an admin's answer. Not there for whoever may not answer. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"

export function JoinRequests({ room }: { readonly room: Id }) {
  const text = useText()
  const requests = useView("joinRequests", { room })?.requests ?? []
  const answer = useAction("answerJoin")
  if (requests.length === 0 && !answer.error) return null
  return (
    <section aria-label={text.joinRequests} className="px-5 pb-4">
      <h2 className="pb-1 text-sm font-medium text-soft">{text.joinRequests}</h2>
      <ul aria-label={text.joinRequests}>
        {requests.map(({ id, person }) => (
          <li key={id} className="flex flex-wrap items-center gap-2 py-1">
            <Avatar name={person.name} seed={person.user} size={36} />
            <span className="min-w-0 flex-1 truncate">{person.name}</span>
            <Button
              look="primary"
              aria-label={text.joinAccept(person.name)}
              aria-disabled={answer.busy}
              onClick={() => answer.run({ request: id, accept: true })}
            >
              {text.accept}
            </Button>
            <Button
              aria-label={text.joinDecline(person.name)}
              aria-disabled={answer.busy}
              onClick={() => answer.run({ request: id, accept: false })}
            >
              {text.decline}
            </Button>
          </li>
        ))}
      </ul>
      <Fault error={answer.error} />
    </section>
  )
}
