/**
 * Who is in a group. A thousand rows would be slow to draw, so that a window of them stands there and grows by a button; who is
 * looked for is found by name, username and pinyin.
 */
import type { Member } from "@teahouse/client/view/port/basic.ts"
import type { ReactNode } from "react"
import { useState } from "react"
import { Link } from "../../route/link.tsx"
import { matches, useReadings } from "../../text/pinyin.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { BotMark } from "../../ui/bot-mark.tsx"
import { Button } from "../../ui/button.tsx"
import { SearchField } from "../../ui/search-field.tsx"

const WINDOW = 60
/** From here on there is something to search in. */
const SEARCHED = 12

type Props = { readonly members: readonly Member[]; readonly beside: (member: Member) => ReactNode }

export function Members({ members, beside }: Props) {
  const text = useText()
  const [sought, setSought] = useState("")
  const [shown, setShown] = useState(WINDOW)
  const readings = useReadings(sought !== "")
  const found = members.filter(({ name, username }) =>
    [name, username].some((each) => matches(each, sought, readings)),
  )
  const rest = found.length - shown
  return (
    <>
      <h2 className="px-5 pb-1 text-sm font-medium text-soft">
        {text.members} ({members.length})
      </h2>
      {members.length >= SEARCHED && (
        <div className="px-5 pb-1">
          <SearchField name={text.memberSearch} onQuery={setSought} />
        </div>
      )}
      <ul aria-label={text.members} className="ps-5 pe-3">
        {found.slice(0, shown).map((member) => (
          <li key={member.user} className="flex min-h-12 items-center gap-3 py-0.5">
            <Link
              to={{ page: "contacts", user: member.user }}
              className="-ms-2 flex min-h-11 min-w-0 flex-1 items-center gap-3 rounded-xl px-2 transition-colors hover:bg-sunken"
            >
              <Avatar name={member.name} seed={member.user} picture={member.picture} size={36} />
              <span className="min-w-0 flex-1 truncate">
                {member.name}
                <BotMark of={member} />
              </span>
            </Link>
            {beside(member)}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="px-5 py-2 text-sm text-soft">{text.memberNone}</p>}
      {rest > 0 && (
        <Button look="quiet" className="mx-5" onClick={() => setShown(shown + WINDOW)}>
          {text.memberMore(Math.min(rest, WINDOW))}
        </Button>
      )}
    </>
  )
}
