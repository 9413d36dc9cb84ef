import type { ViewValue } from "@teahouse/client/view/port.ts"
import { useId, useMemo, useState } from "react"
import { useView } from "../../port/use-view.ts"
import { Link } from "../../route/link.tsx"
import { useLanguage, useText } from "../../text/use-text.ts"
import { Avatar } from "../../ui/avatar.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Fault } from "../../ui/fault.tsx"
import { AddFriendIcon } from "../../ui/icons.tsx"
import { PaneHead } from "../../ui/pane-head.tsx"
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
            <Friends friends={contacts.friends} />
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
  const busy = accept.busy || decline.busy
  return (
    <li aria-labelledby={id} className="rounded-xl px-3 py-2.5">
      <div className="flex items-start gap-3">
        <Avatar name={request.from.name} seed={request.from.user} />
        <div className="min-w-0 flex-1">
          <p id={id} className="truncate font-medium">
            {request.from.name}
          </p>
          {request.line !== "" && <p className="text-sm text-soft wrap-anywhere">{request.line}</p>}
          <div className="mt-2 flex flex-wrap gap-2">
            <Button
              look="primary"
              aria-describedby={id}
              aria-disabled={busy}
              className="flex-1"
              onClick={() => void accept.run({ id: request.id })}
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
            <Avatar name={request.to.name} seed={request.to.user} size={36} />
            <span className="min-w-0 flex-1 truncate">{request.to.name}</span>
            <span className="shrink-0 text-sm text-soft">{text.waitingForAnswer}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Friends({ friends }: { readonly friends: ContactsView["friends"] }) {
  const text = useText()
  const { language } = useLanguage()
  const id = useId()
  const sorted = useMemo(() => {
    const collator = new Intl.Collator(
      language === "zh-CN" ? "zh-CN-u-co-pinyin" : ["en", "zh-CN-u-co-pinyin"],
    )
    return [...friends].sort((a, b) => collator.compare(a.name, b.name))
  }, [friends, language])
  if (sorted.length === 0) return null
  return (
    <section>
      <Heading id={id}>{text.friends}</Heading>
      <ul aria-labelledby={id}>
        {sorted.map((friend) => (
          <li key={friend.user}>
            <Link
              to={{ page: "chats", room: friend.room }}
              className="flex items-center gap-3 rounded-xl px-2.5 py-2 transition-colors hover:bg-sunken"
            >
              <Avatar name={friend.name} seed={friend.user} size={40} />
              <span className="min-w-0 flex-1">
                <span className="block truncate">{friend.name}</span>
                {friend.username !== friend.name && (
                  <span className="block truncate text-sm text-soft">{friend.username}</span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
