/** 黑名单: who is on it, and off again. */
import { useView } from "../../port/use-view.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Card } from "./card.tsx"

export function BlackList() {
  const text = useText()
  const blocked = useView("contacts", undefined)?.blocked
  const unblock = useAction("unblock")
  return (
    <Card title={text.blackList}>
      {blocked?.length === 0 && <p className="text-soft">{text.blackListNone}</p>}
      {blocked && blocked.length > 0 && (
        <>
          <ul aria-label={text.blackList} className="flex flex-col gap-1">
            {blocked.map((person) => (
              <li key={person.user} className="flex min-h-12 items-center gap-3">
                <Avatar name={person.name} seed={person.user} picture={person.picture} size={36} />
                <span id={`blocked-${person.user}`} className="min-w-0 flex-1 truncate">
                  {person.name}
                </span>
                <Button
                  aria-describedby={`blocked-${person.user}`}
                  aria-disabled={unblock.busy}
                  onClick={() => void unblock.run({ user: person.user })}
                >
                  {text.unblock}
                </Button>
              </li>
            ))}
          </ul>
          <p className="mt-2 text-sm text-soft">{text.blackListHint}</p>
        </>
      )}
      <Fault error={unblock.error} />
    </Card>
  )
}
