import type { ViewValue } from "@teahouse/client/view/port.ts"
import { type ReactNode, useId } from "react"
import { useView } from "../port/use-view.ts"
import { Link } from "../route/link.tsx"
import type { Route } from "../route/route.ts"
import { useNavigation } from "../route/use-route.ts"
import { useText } from "../text/use-text.ts"
import { countUnread } from "../told/badge.ts"
import { Avatar } from "../ui/avatar.tsx"
import { ChatsIcon, ContactsIcon, SettingsIcon } from "../ui/icons.tsx"

type SignedIn = Extract<ViewValue<"session">, { state: "signed_in" }>

export function MainNavigation({ session }: { readonly session: SignedIn }) {
  const text = useText()
  const { user, picture } = session
  const username = session.nickname || session.username
  const rooms = useView("roomList", undefined)?.rooms
  const requests = useView("contacts", undefined)?.incoming.length ?? 0
  const unread = rooms ? countUnread(rooms) : 0
  return (
    <nav
      aria-label={text.main}
      className="safe-bottom flex h-full border-line bg-paper max-mid:border-t mid:w-19 mid:flex-col mid:items-center mid:border-e mid:py-3"
    >
      <span className="mb-4 hidden mid:block" title={username}>
        <Avatar name={username} seed={user} picture={picture} size={40} />
      </span>
      <Item to={{ page: "chats" }} name={text.chats} count={unread} countName={text.unreadCount(unread)}>
        <ChatsIcon size={24} />
      </Item>
      <Item
        to={{ page: "contacts" }}
        name={text.contacts}
        count={requests}
        countName={`${text.friendRequests}: ${requests}`}
      >
        <ContactsIcon size={24} />
      </Item>
      <Item to={{ page: "settings" }} name={text.settings} className="mid:mt-auto">
        <SettingsIcon size={24} />
      </Item>
    </nav>
  )
}

type ItemProps = {
  readonly to: Route
  readonly name: string
  readonly children: ReactNode
  readonly count?: number
  readonly countName?: string
  readonly className?: string
}

function Item({ to, name, children, count = 0, countName, className = "" }: ItemProps) {
  const { route } = useNavigation()
  const id = useId()
  // What one comes to by the settings.
  const current = route.page === to.page || (route.page === "admin" && to.page === "settings")
  // The number stands beside the link, so that the link's name is what is written in it.
  return (
    <div className={`relative flex flex-1 mid:w-16 mid:flex-none ${className}`}>
      <Link
        to={to}
        aria-current={current ? "page" : undefined}
        aria-describedby={count > 0 ? id : undefined}
        className="flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 rounded-xl text-soft transition-colors hover:text-ink aria-[current=page]:text-accent mid:hover:bg-sunken mid:aria-[current=page]:bg-wash"
      >
        {children}
        <span className="text-xs">{name}</span>
      </Link>
      {count > 0 && (
        <span className="badge pointer-events-none absolute start-[calc(50%+0.25rem)] top-1 min-w-4.5 rounded-full bg-danger px-1 text-center text-[0.6875rem] font-semibold leading-4.5 text-surface">
          <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
          <span id={id} className="sr-only">
            {countName}
          </span>
        </span>
      )}
    </div>
  )
}
