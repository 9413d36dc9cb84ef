/**
 * UX 1. Rail + list + conversation (+ details) on wide screens, rail + list + conversation on middle ones, one pane and
 * bottom tabs on narrow ones. One tree for all widths: which pane a narrow screen shows is an attribute, not another tree.
 */
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { useEffect } from "react"
import { useView } from "../port/use-view.ts"
import { useNavigation } from "../route/use-route.ts"
import { ChatList } from "../screens/chats/chat-list.tsx"
import { titleOf } from "../screens/chats/title.ts"
import { Contacts } from "../screens/contacts/contacts.tsx"
import { Conversation } from "../screens/conversation/conversation.tsx"
import { Details } from "../screens/details/details.tsx"
import { Settings } from "../screens/settings/settings.tsx"
import { useText } from "../text/use-text.ts"
import { Empty } from "../ui/empty.tsx"
import { ConnectionBanner } from "./connection-banner.tsx"
import { MainNavigation } from "./main-navigation.tsx"
import { NewVersion } from "./new-version.tsx"
import { Resizer, useListWidth } from "./resizer.tsx"

type SignedIn = Extract<ViewValue<"session">, { state: "signed_in" }>

export function Shell({ session }: { readonly session: SignedIn }) {
  const text = useText()
  const { route } = useNavigation()
  const [width, setWidth] = useListWidth()
  const room = route.page === "chats" ? route.room : undefined
  const details = route.page === "chats" && route.details === true
  const pane = room ? (details ? "details" : "detail") : "list"
  useTitle()

  return (
    <div className="safe-top safe-x flex h-full flex-col bg-paper">
      <NewVersion />
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1 flex-col-reverse mid:flex-row">
        <div className={pane === "list" ? "" : "max-mid:hidden"}>
          <MainNavigation username={session.nickname || session.username} user={session.user} />
        </div>
        <main
          className="flex min-h-0 min-w-0 flex-1"
          style={{ "--list": `${width}px` } as React.CSSProperties}
        >
          {route.page === "settings" ? (
            <Settings session={session} />
          ) : (
            <>
              <div
                className={`min-h-0 w-full min-w-0 flex-col border-line bg-surface mid:flex mid:w-72 mid:border-e wide:w-(--list) ${pane === "list" ? "flex" : "hidden"}`}
              >
                {route.page === "contacts" ? <Contacts /> : <ChatList selected={room} />}
              </div>
              <Resizer width={width} onWidth={setWidth} />
              <div
                className={`min-h-0 min-w-0 flex-1 flex-col mid:flex ${pane === "detail" ? "flex" : "hidden"}`}
              >
                {room ? (
                  <Conversation key={room} room={room} me={session.user} />
                ) : (
                  <Empty note={text.encryptedNote}>
                    {route.page === "contacts" ? text.contactsAside : text.chooseChat}
                  </Empty>
                )}
              </div>
              {room && details && <Details key={`${room} details`} room={room} me={session.user} />}
            </>
          )}
        </main>
      </div>
    </div>
  )
}

/** UX 27: `(3) Name`. */
function useTitle(): void {
  const text = useText()
  const { route } = useNavigation()
  const rooms = useView("roomList", undefined)?.rooms
  const unread = rooms?.reduce((sum, each) => sum + each.unread, 0) ?? 0
  const room = route.page === "chats" ? route.room : undefined
  const chat = rooms?.find((each) => each.room === room)
  const place =
    route.page === "settings"
      ? text.settings
      : route.page === "contacts"
        ? text.contacts
        : chat && titleOf(chat, text)
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${place ? `${place} · ` : ""}${text.appName}`
  }, [unread, place, text.appName])
  useEffect(
    () => () => {
      document.title = text.appName
    },
    [text.appName],
  )
}
