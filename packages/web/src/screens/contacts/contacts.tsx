import type { Friend } from "@teahouse/client/view/port/contacts.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { useId, useMemo, useRef, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { Link } from "../../route/link.tsx"
import { byLetter } from "../../text/letters.ts"
import { matches, useReadings } from "../../text/pinyin.ts"
import { useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { BotMark } from "../../ui/bot-mark.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Fault } from "../../ui/fault.tsx"
import { inputLook } from "../../ui/field.tsx"
import { AddFriendIcon, FileBoxIcon } from "../../ui/icons.tsx"
import { PaneHead } from "../../ui/pane-head.tsx"
import { SearchField } from "../../ui/search-field.tsx"
import { useAction } from "../../ui/use-action.ts"
import { AddFriend } from "./add-friend.tsx"

type ContactsView = ViewValue<"contacts">

export function Contacts() {
  const text = useText()
  const contacts = useView("contacts", undefined)
  const [adding, setAdding] = useState(false)
  const [done, setDone] = useState("")
  const nobody =
    contacts && contacts.friends.length + contacts.incoming.length + contacts.outgoing.length === 0
  return (
    <>
      <PaneHead title={text.contacts}>
        <IconButton name={text.addFriend} onClick={() => setAdding(true)}>
          <AddFriendIcon />
        </IconButton>
      </PaneHead>
      <p role="status" className={done ? "mx-5 mb-2 rounded-xl bg-wash px-3 py-2 text-sm" : "sr-only"}>
        {done}
      </p>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {contacts && (
          <>
            <Incoming requests={contacts.incoming} />
            <Outgoing requests={contacts.outgoing} />
            <SelfChat />
            <Friends friends={contacts.friends} tags={contacts.tags} />
          </>
        )}
        {nobody && <Empty>{text.noFriends}</Empty>}
      </div>
      {adding && (
        <AddFriend
          onClose={() => setAdding(false)}
          onDone={(sentence) => {
            setAdding(false)
            setDone(sentence)
          }}
        />
      )}
    </>
  )
}

function Heading({ id, children }: { readonly id: string; readonly children: string }) {
  return (
    <h2 id={id} className="px-3 pt-3 pb-1 text-sm font-medium text-soft">
      {children}
    </h2>
  )
}

function Incoming({ requests }: { readonly requests: ContactsView["incoming"] }) {
  const text = useText()
  const id = useId()
  if (requests.length === 0) return null
  return (
    <section>
      <Heading id={id}>{text.friendRequests}</Heading>
      <ul aria-labelledby={id}>
        {requests.map((request) => (
          <Request key={request.id} request={request} />
        ))}
      </ul>
    </section>
  )
}

function Request({ request }: { readonly request: ContactsView["incoming"][number] }) {
  const text = useText()
  const id = useId()
  const accept = useAction("acceptRequest")
  const decline = useAction("declineRequest")
  const [remark, setRemark] = useState("")
  const busy = accept.busy || decline.busy
  return (
    <li aria-labelledby={id} className="rounded-xl px-3 py-2.5">
      <div className="flex items-start gap-3">
        <Avatar name={request.from.name} seed={request.from.user} picture={request.from.picture} />
        <div className="min-w-0 flex-1">
          <p id={id} className="truncate font-medium">
            {request.from.name}
          </p>
          {request.line !== "" && <p className="text-sm text-soft wrap-anywhere">{request.line}</p>}
          <input
            aria-label={text.remark}
            aria-describedby={id}
            placeholder={text.remarkOptional}
            value={remark}
            onChange={(event) => setRemark(event.target.value)}
            autoComplete="off"
            className={`${inputLook} mt-2`}
          />
          <div className="mt-2 flex flex-wrap gap-2">
            <Button
              look="primary"
              aria-describedby={id}
              aria-disabled={busy}
              className="flex-1"
              onClick={() => void accept.run({ id: request.id, remark })}
            >
              {text.accept}
            </Button>
            <Button
              aria-describedby={id}
              aria-disabled={busy}
              className="flex-1"
              onClick={() => void decline.run({ id: request.id })}
            >
              {text.decline}
            </Button>
          </div>
          <div className="mt-2 empty:hidden">
            <Fault error={accept.error ?? decline.error} />
          </div>
        </div>
      </div>
    </li>
  )
}

function Outgoing({ requests }: { readonly requests: ContactsView["outgoing"] }) {
  const text = useText()
  const id = useId()
  if (requests.length === 0) return null
  return (
    <section>
      <Heading id={id}>{text.sentRequests}</Heading>
      <ul aria-labelledby={id}>
        {requests.map((request) => (
          <li key={request.id} className="flex items-center gap-3 px-3 py-2">
            <Avatar name={request.to.name} seed={request.to.user} picture={request.to.picture} size={36} />
            <span className="min-w-0 flex-1">
              <span className="block truncate">{request.to.name}</span>
              <span className="block text-sm text-soft">{text.waitingForAnswer}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What a friend is found by: everything that they may be called. */
const namesOf = ({ remark, nickname, username, name, tags }: Friend) =>
  [...new Set([remark, nickname, username, name, ...tags])].filter((each) => each !== "")

function Friends({
  friends,
  tags,
}: {
  readonly friends: readonly Friend[]
  readonly tags: readonly string[]
}) {
  const text = useText()
  const [query, setQuery] = useState("")
  const [tag, setTag] = useState<string>()
  const readings = useReadings(query !== "")
  const list = useRef<HTMLDivElement>(null)
  // A tag that nobody has any more would hide everybody.
  const chosen = tag !== undefined && tags.includes(tag) ? tag : undefined
  const found = useMemo(
    () =>
      friends.filter(
        (friend) =>
          (chosen === undefined || friend.tags.includes(chosen)) &&
          (query === "" || namesOf(friend).some((name) => matches(name, query, readings))),
      ),
    [friends, chosen, query, readings],
  )
  const groups = useMemo(() => byLetter(found), [found])
  if (friends.length === 0) return null
  return (
    <section aria-label={text.friends} className="relative">
      <div className="px-1 pt-2">
        <SearchField name={text.searchContacts} onQuery={setQuery} />
      </div>
      {tags.length > 0 && (
        <fieldset className="flex min-w-0 flex-wrap gap-1.5 px-1 pt-2">
          <legend className="sr-only">{text.filterByTag}</legend>
          {[undefined, ...tags].map((each) => (
            <button
              key={each ?? ""}
              type="button"
              aria-pressed={each === chosen}
              onClick={() => setTag(each)}
              className="max-w-full min-h-8 truncate pointer-coarse:min-h-11 pointer-coarse:min-w-11 rounded-full bg-sunken px-3 text-sm aria-pressed:bg-accent aria-pressed:text-on-accent"
            >
              {each ?? text.allTags}
            </button>
          ))}
        </fieldset>
      )}
      {found.length === 0 && <p className="px-3 py-6 text-center text-soft">{text.nothingFound}</p>}
      <div ref={list} className={groups.length > 1 ? "pe-6" : ""}>
        {groups.map(({ letter, items }) => (
          <Letter key={letter} letter={letter} friends={items} />
        ))}
      </div>
      {groups.length > 1 && (
        <nav aria-label={text.letters} className="absolute end-0 top-16 bottom-0 w-6">
          <ol className="sticky top-2 flex flex-col items-center">
            {groups.map(({ letter }) => (
              <li key={letter}>
                <button
                  type="button"
                  onClick={() => list.current?.querySelector(`[data-letter="${letter}"]`)?.scrollIntoView()}
                  className="inline-flex size-6 items-center justify-center rounded-full text-xs text-soft hover:bg-sunken hover:text-ink"
                >
                  {letter}
                </button>
              </li>
            ))}
          </ol>
        </nav>
      )}
    </section>
  )
}

function Letter({ letter, friends }: { readonly letter: string; readonly friends: readonly Friend[] }) {
  const id = useId()
  return (
    <div data-letter={letter} className="scroll-mt-2">
      <Heading id={id}>{letter}</Heading>
      <ul aria-labelledby={id}>
        {friends.map((friend) => (
          <li key={friend.user}>
            <Link
              to={{ page: "contacts", user: friend.user }}
              className="flex items-center gap-3 rounded-xl px-2.5 py-2 transition-colors hover:bg-sunken"
            >
              <Avatar name={friend.name} seed={friend.user} picture={friend.picture} size={40} />
              <span className="min-w-0 flex-1">
                <span className="block truncate">
                  {friend.name}
                  <BotMark of={friend} />
                </span>
                {friend.username !== friend.name && (
                  <span className="block truncate text-sm text-soft">{friend.username}</span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** 文件传输助手: always there, also before anybody else is. */
function SelfChat() {
  const text = useText()
  const self = useView("roomList", undefined)?.rooms.find((room) => room.kind === "self")
  if (!self) return null
  return (
    <Link
      to={{ page: "chats", room: self.room }}
      className="flex items-center gap-3 rounded-xl px-2.5 py-2 transition-colors hover:bg-sunken"
    >
      <span
        aria-hidden="true"
        className="inline-flex size-10 shrink-0 items-center justify-center rounded-[28%] bg-accent text-on-accent"
      >
        <FileBoxIcon size={22} />
      </span>
      {text.selfChat}
    </Link>
  )
}
