/** Listens for shortcuts, and does those that belong to the page as a whole. */
import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { lazy, Suspense, useEffect, useRef, useState } from "react"
import { useView } from "../port/use-view.ts"
import { useNavigation } from "../route/use-route.ts"
import { act, useShortcut } from "./actions.ts"
import { cycleRegions } from "./regions.ts"
import { actionOf } from "./shortcuts.ts"

const Switcher = lazy(() => import("./switcher.tsx").then(({ Switcher }) => ({ default: Switcher })))
const Help = lazy(() => import("./help.tsx").then(({ Help }) => ({ default: Help })))

/** The chat above or below in the list; from outside the list, its first or last. */
export function neighbour(
  rooms: readonly Pick<RoomItem, "room" | "unread">[],
  from: Id | undefined,
  step: 1 | -1,
  unread: boolean,
): Id | undefined {
  const at = rooms.findIndex((each) => each.room === from)
  const start = at < 0 ? (step === 1 ? -1 : rooms.length) : at
  for (let next = start + step; next >= 0 && next < rooms.length; next += step) {
    const found = rooms[next]
    if (found && (!unread || found.unread > 0)) return found.room
  }
  return undefined
}

export function Keyboard({ room }: { readonly room: Id | undefined }) {
  const { go } = useNavigation()
  const rooms = useView("roomList", undefined)?.rooms ?? []
  const [open, setOpen] = useState<"switch" | "help">()
  const composing = useRef(false)

  const move = (step: 1 | -1, unread: boolean) => {
    const to = neighbour(rooms, room, step, unread)
    if (to) go({ page: "chats", room: to })
  }
  useShortcut("switch", () => setOpen("switch"))
  useShortcut("help", () => setOpen("help"))
  useShortcut("previous", () => move(-1, false))
  useShortcut("next", () => move(1, false))
  useShortcut("previousUnread", () => move(-1, true))
  useShortcut("nextUnread", () => move(1, true))
  useShortcut("region", () => cycleRegions(1))
  useShortcut("regionBack", () => cycleRegions(-1))

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || composing.current) return
      const action = actionOf(event)
      if (!action) return
      // A layer that lies above is closed by its own Esc, and everything else waits for that.
      if (document.querySelector("dialog[open], [role=menu], [role=listbox]")) return
      if (act(action)) event.preventDefault()
    }
    const onStart = () => {
      composing.current = true
    }
    // Safari ends the composition before the keydown that ended it (UX 5).
    const onEnd = () =>
      setTimeout(() => {
        composing.current = false
      }, 0)
    addEventListener("keydown", onKey)
    addEventListener("compositionstart", onStart)
    addEventListener("compositionend", onEnd)
    return () => {
      removeEventListener("keydown", onKey)
      removeEventListener("compositionstart", onStart)
      removeEventListener("compositionend", onEnd)
    }
  }, [])

  const close = () => setOpen(undefined)
  return (
    <Suspense>
      {open === "switch" && (
        <Switcher
          rooms={rooms}
          onClose={close}
          onChoose={(to) => {
            close()
            go({ page: "chats", room: to })
          }}
        />
      )}
      {open === "help" && <Help onClose={close} />}
    </Suspense>
  )
}
