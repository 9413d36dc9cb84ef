/**
 * UX 1. Rail + list + conversation (+ details) on wide screens, rail + list + conversation on middle ones, one pane and
 * bottom tabs on narrow ones. One tree for all widths: which pane a narrow screen shows is an attribute, not another tree.
 */
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { lazy, Suspense, useEffect } from "react"
import { Keyboard } from "../keys/keyboard.tsx"
import { useNamedDevice } from "../port/name-device.ts"
import { useHouse, useView } from "../port/use-view.ts"
import { useNavigation } from "../route/use-route.ts"
import { ChatList } from "../screens/chats/chat-list.tsx"
import { titleOf } from "../screens/chats/title.ts"
import { Contacts } from "../screens/contacts/contacts.tsx"
import { Person } from "../screens/contacts/person.tsx"
import { Conversation } from "../screens/conversation/conversation.tsx"
import { Details } from "../screens/details/details.tsx"
import { Settings } from "../screens/settings/settings.tsx"
import { useText } from "../text/use-text.ts"
import { BADGE_EVERY_MS, countUnread } from "../told/badge.ts"
import { Told } from "../told/told.tsx"
import { Empty } from "../ui/empty.tsx"
import { useSlow } from "../ui/use-slow.ts"
import { ConnectionBanner } from "./connection-banner.tsx"
import { MainNavigation } from "./main-navigation.tsx"
import { NewVersion } from "./new-version.tsx"
import { Resizer, useListWidth } from "./resizer.tsx"

const Admin = lazy(() => import("../screens/admin/admin.tsx").then((part) => ({ default: part.Admin })))

const KEEP_AFTER_MS = 5_000

type SignedIn = Extract<ViewValue<"session">, { state: "signed_in" }>

export function Shell({ session }: { readonly session: SignedIn }) {
  const text = useText()
  const { route } = useNavigation()
  const [width, setWidth] = useListWidth()
  const room = route.page === "chats" ? route.room : undefined
  const details = route.page === "chats" && route.details === true
  const user = route.page === "contacts" ? route.user : undefined
  const pane = user ? "detail" : room ? (details ? "details" : "detail") : "list"
  useTitle()
  useKeeping()
  useNamedDevice()

  return (
    <div className="safe-top safe-x flex h-full flex-col bg-paper">
      <NewVersion />
      <ConnectionBanner />
      <Told room={room} />
      <Keyboard room={room} />
      <div className="flex min-h-0 flex-1 flex-col-reverse mid:flex-row">
        <div data-region="main" className={pane === "list" ? "" : "max-mid:hidden"}>
          <MainNavigation session={session} />
        </div>
        <main
          className="flex min-h-0 min-w-0 flex-1"
          style={{ "--list": `${width}px` } as React.CSSProperties}
        >
          {route.page === "settings" ? (
            <Settings session={session} />
          ) : route.page === "admin" ? (
            <Suspense>
              <Admin part={route.part} />
            </Suspense>
          ) : (
            <>
              <div
                data-region="list"
                className={`min-h-0 w-full min-w-0 flex-col border-line bg-surface mid:flex mid:w-72 mid:border-e wide:w-(--list) ${pane === "list" ? "flex" : "hidden"}`}
              >
                {route.page === "contacts" ? <Contacts /> : <ChatList selected={room} />}
              </div>
              <Resizer width={width} onWidth={setWidth} />
              <div
                data-region="conversation"
                className={`min-h-0 min-w-0 flex-1 flex-col mid:flex ${pane === "detail" ? "flex" : "hidden"}`}
              >
                {user ? (
                  <Person key={user} user={user} />
                ) : room ? (
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

/** Files that others send are also written to a folder, where the person chose one. It is in no hurry. */
function useKeeping(): void {
  const { port, slot } = useHouse()
  useEffect(() => {
    let gone = false
    let stop = () => {}
    const timer = setTimeout(async () => {
      const { startKeeping } = await import("../screens/files/keep.ts")
      if (!gone) stop = startKeeping(port, slot)
    }, KEEP_AFTER_MS)
    return () => {
      gone = true
      clearTimeout(timer)
      stop()
    }
  }, [port, slot])
}

/** UX 27: `(3) Name`. */
function useTitle(): void {
  const text = useText()
  const { route } = useNavigation()
  const rooms = useView("roomList", undefined)?.rooms
  const unread = useSlow(rooms ? countUnread(rooms) : 0, BADGE_EVERY_MS)
  const room = route.page === "chats" ? route.room : undefined
  const chat = rooms?.find((each) => each.room === room)
  const place =
    route.page === "settings"
      ? text.settings
      : route.page === "admin"
        ? text.administration
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
