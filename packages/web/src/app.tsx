/** The page's composition root: one ClientPort in, the screens out. */
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { lazy, StrictMode, Suspense, useEffect } from "react"
import { createRoot } from "react-dom/client"
import { Speaking } from "./layout/speaking.tsx"
import { Splash } from "./layout/splash.tsx"
import { HouseContext, useHouse, useView } from "./port/use-view.ts"
import { ViewCache } from "./port/views.ts"
import { dropSlot, noteLast, noteSlot, readSlots } from "./route/slots.ts"
import { SlotContext, useNavigation } from "./route/use-route.ts"
import { keptLink } from "./screens/join/kept-link.ts"
import { CreateAccount } from "./screens/sign-in/create-account.tsx"
import { SignIn } from "./screens/sign-in/sign-in.tsx"
import { Unconfirmed } from "./screens/sign-in/unconfirmed.tsx"
import { Catch } from "./ui/catch.tsx"

/** Before anybody is signed in. */
const doors = new Set<string>(["sign-in", "create", "recover"])
const loadShell = () => import("./layout/shell.tsx")
const Join = lazy(() => import("./screens/join/join.tsx").then(({ Join }) => ({ default: Join })))
const Recover = lazy(() =>
  import("./screens/sign-in/recover.tsx").then(({ Recover }) => ({ default: Recover })),
)
const Shell = lazy(() => loadShell().then(({ Shell }) => ({ default: Shell })))

function Screens() {
  const session = useView("session", undefined)
  const { slot } = useHouse()
  const { route, go } = useNavigation()
  const state = session?.state
  const username =
    session?.state === "signed_in" || session?.state === "signed_out" ? session.username : undefined

  const user = session?.state === "signed_in" ? session.user : undefined

  useEffect(() => {
    if (state === "signed_in" && username) {
      noteSlot(localStorage, { slot, username, signedIn: true, ...(user && { user }) })
      noteLast(localStorage, slot)
    }
    if (state === "signed_out") {
      if (username) noteSlot(localStorage, { slot, username, signedIn: false })
      else if (readSlots(localStorage).some((each) => each.slot === slot)) dropSlot(localStorage, slot)
    }
  }, [state, username, user, slot])

  useEffect(() => {
    // The rest of the page comes while the password is typed.
    if (state === "signed_out") void loadShell()
  }, [state])

  useEffect(() => {
    // UX 39: keys and history live here. A browser that may clear them when its disk is full is asked not to.
    if (state === "signed_in") void navigator.storage?.persist?.().catch(() => {})
  }, [state])

  useEffect(() => {
    // Sign-in and sign-up lead to the chats, signing out to the sign-in page.
    // With a join link first to the group that it is about.
    if (state === "signed_in" && doors.has(route.page))
      go({ page: keptLink() === undefined ? "chats" : "join" }, "replace")
    if (state === "signed_out" && !doors.has(route.page)) go({ page: "sign-in" }, "replace")
  }, [state, route.page, go])

  if (!session || session.state === "starting") return <Splash />
  if (session.state === "unconfirmed") return <Unconfirmed session={session} />
  if (session.state === "signed_out" && route.page === "recover")
    return (
      <Suspense fallback={<Splash />}>
        <Recover session={session} />
      </Suspense>
    )
  if (session.state === "signed_out")
    return route.page === "create" ? <CreateAccount session={session} /> : <SignIn session={session} />
  return (
    <Suspense fallback={<Splash />}>
      {route.page === "join" ? <Join /> : <Shell session={session} />}
    </Suspense>
  )
}

export function start(port: ClientPort, slot: number): void {
  const root = document.getElementById("root")
  if (!root) throw new Error("index.html has no #root")
  if (readSlots(localStorage).some((each) => each.slot === slot && each.signedIn)) void loadShell()
  const house = { port, slot, views: new ViewCache(port) }
  createRoot(root).render(
    <StrictMode>
      <SlotContext value={slot}>
        <HouseContext value={house}>
          <Speaking>
            <Catch>
              <Screens />
            </Catch>
          </Speaking>
        </HouseContext>
      </SlotContext>
    </StrictMode>,
  )
}
