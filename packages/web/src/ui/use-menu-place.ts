/**
 * Where the menu of a row stands (ui/menu.tsx): right-click, Shift+F10 and the menu key come as one event; a long press of a
 * finger is counted here, because not every browser says it.
 */
import { useRef, useState } from "react"
import type { MenuPlace } from "./menu.tsx"

const LONG_MS = 500
const MOVED_PX = 10

/** Handlers for what has a menu. A long press of a finger asks for it where the browser does not by itself. */
export function useMenuPlace(): {
  readonly place: MenuPlace | undefined
  readonly openAt: (place: MenuPlace) => void
  readonly close: () => void
  readonly handlers: {
    readonly onContextMenu: (event: React.MouseEvent) => void
    readonly onPointerDown: (event: React.PointerEvent) => void
    readonly onPointerMove: (event: React.PointerEvent) => void
    readonly onPointerUp: () => void
    readonly onPointerCancel: () => void
    readonly onClickCapture: (event: React.MouseEvent) => void
  }
} {
  const [place, setPlace] = useState<MenuPlace>()
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number }>(undefined)
  const pressed = useRef(false)
  const end = () => {
    clearTimeout(press.current?.timer)
    press.current = undefined
  }
  return {
    place,
    openAt: setPlace,
    close: () => setPlace(undefined),
    handlers: {
      onContextMenu(event) {
        event.preventDefault()
        end()
        const box = event.currentTarget.getBoundingClientRect()
        // From the keyboard there is no pointer to stand at.
        const pointed = event.clientX !== 0 || event.clientY !== 0
        const at = pointed
          ? { x: event.clientX, y: event.clientY }
          : { x: box.left + 24, y: box.top + box.height / 2 }
        setPlace({ ...at, byKey: !pointed, from: focused(event.currentTarget) })
      },
      onPointerDown({ pointerType, clientX: x, clientY: y, currentTarget }) {
        const from = focused(currentTarget)
        pressed.current = false
        if (pointerType !== "touch") return
        const timer = setTimeout(() => {
          pressed.current = true
          setPlace({ x, y, byKey: false, from })
        }, LONG_MS)
        press.current = { timer, x, y }
      },
      onPointerMove(event) {
        const from = press.current
        if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > MOVED_PX) end()
      },
      onPointerUp: end,
      onPointerCancel: end,
      onClickCapture(event) {
        // The finger goes up after a long press: not a click on what is below.
        if (!pressed.current) return
        pressed.current = false
        event.preventDefault()
        event.stopPropagation()
      },
    },
  }
}

/** What has the focus in the row, or the first thing of it that can have it. */
function focused(row: EventTarget & Element): HTMLElement {
  const active = document.activeElement
  if (active instanceof HTMLElement && row.contains(active)) return active
  return row.querySelector<HTMLElement>("a, button") ?? document.body
}
