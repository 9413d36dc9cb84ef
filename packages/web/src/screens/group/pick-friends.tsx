import type { Person } from "@teahouse/client/view/port/basic.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useState } from "react"
import { matches, useReadings } from "../../text/pinyin.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { SearchField } from "../../ui/search-field.tsx"

/** From here on there is something to search in. */
const SEARCHED = 12

type Props = {
  readonly friends: readonly Person[]
  readonly chosen: ReadonlySet<Id>
  readonly onChange: (chosen: ReadonlySet<Id>) => void
}

/** A checkbox for each friend, named by the friend. */
export function PickFriends({ friends, chosen, onChange }: Props) {
  const text = useText()
  const [sought, setSought] = useState("")
  const readings = useReadings(sought !== "")
  const found = friends.filter(({ name, username }) =>
    [name, username].some((each) => matches(each, sought, readings)),
  )
  const toggle = (user: Id) => {
    const next = new Set(chosen)
    if (!next.delete(user)) next.add(user)
    onChange(next)
  }
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">{text.friends}</legend>
      {friends.length === 0 && <p className="text-sm text-soft">{text.nobodyToAdd}</p>}
      {friends.length >= SEARCHED && (
        <SearchField
          name={text.searchContacts}
          onQuery={setSought}
          onKey={(event) => {
            // Enter would send the form that this stands in.
            if (event.key === "Enter") event.preventDefault()
          }}
          className="mb-1"
        />
      )}
      {friends.length > 0 && found.length === 0 && (
        <p className="px-2 py-2 text-sm text-soft">{text.nothingFound}</p>
      )}
      <div className="max-h-[40dvh] overflow-y-auto">
        {found.map((friend) => (
          <label
            key={friend.user}
            className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-2 py-1.5 hover:bg-sunken"
          >
            <input
              type="checkbox"
              aria-label={friend.name}
              checked={chosen.has(friend.user)}
              onChange={() => toggle(friend.user)}
              className="size-5 shrink-0 accent-accent"
            />
            <Avatar name={friend.name} seed={friend.user} picture={friend.picture} size={32} />
            <span className="min-w-0 flex-1 truncate">{friend.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
