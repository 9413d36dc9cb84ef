/** Groups that one has asked to join and is not in yet: what they wait for, or why it will not come about. */
import type { Joining } from "@teahouse/client/view/port/rooms.ts"
import { useView } from "../../port/use-view.ts"
import { errorText } from "../../text/error-text.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"

export function Waiting() {
  const text = useText()
  const rooms = useView("joining", undefined)?.rooms ?? []
  if (rooms.length === 0) return null
  return (
    <ul aria-label={text.joinWaits} className="mb-2 shrink-0 border-b border-line px-2 pb-2">
      {rooms.map((one) => (
        <Row key={one.room} joining={one} />
      ))}
    </ul>
  )
}

function Row({ joining: { room, name, approval, problem } }: { readonly joining: Joining }) {
  const text = useText()
  const { language } = useLanguage()
  const forget = useAction("forgetJoining")
  const waits = approval ? text.joinWaitsAdmin : text.joinWaitsMember
  return (
    <li className="flex flex-wrap items-center gap-3 px-2.5 py-2">
      <Avatar name={name} seed={room} group />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{name}</span>
        <span className={`block text-sm ${problem ? "text-danger" : "text-soft"}`}>
          {problem ? errorText(problem, language) : waits}
        </span>
      </span>
      <Button
        look="quiet"
        className="-me-2"
        aria-label={problem ? text.joinDismissOf(name) : text.joinWithdrawOf(name)}
        aria-disabled={forget.busy}
        onClick={() => void forget.run({ room })}
      >
        {problem ? text.dismiss : text.joinWithdraw}
      </Button>
      <Fault error={forget.error} />
    </li>
  )
}
