/**
 * A menu at a place of the page: arrows, Home, End, a first letter, Esc; it stays inside the viewport, and focus returns
 * to where it was opened from. Modal by a curtain that nobody sees: a press beside it closes it and does nothing else.
 */
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from "react"
import { createPortal } from "react-dom"

export type MenuItem = {
  readonly id: string
  readonly label: string
  readonly icon?: ReactNode
  readonly danger?: boolean
  readonly run: () => void
}
export type MenuPlace = {
  readonly x: number
  readonly y: number
  /** Opened by a key: the first item has the focus at once. */
  readonly byKey: boolean
  /** Where focus returns to. */
  readonly from: HTMLElement
}

type Props = {
  readonly label: string
  readonly place: MenuPlace
  readonly items: readonly MenuItem[]
  readonly onClose: () => void
  /** A row of buttons above the items. */
  readonly head?: ReactNode
  /** A sentence below them. */
  readonly foot?: ReactNode
}

const EDGE = 8

/** Keeps a popup that stands at (x, y) inside the viewport. */
export function keepInside(element: HTMLElement, x: number, y: number): void {
  const { offsetWidth: width, offsetHeight: height } = element
  const left = Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))
  const below = y + height + EDGE <= innerHeight
  const top = below ? y : Math.max(EDGE, Math.min(y - height, innerHeight - height - EDGE))
  element.style.left = `${left}px`
  element.style.top = `${top}px`
}

export function Menu({ label, place, items, onClose, head, foot }: Props) {
  const popup = useRef<HTMLDivElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const all = () => [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])]

  useLayoutEffect(() => {
    if (popup.current) keepInside(popup.current, place.x, place.y)
    const first = menu.current?.querySelector<HTMLElement>("[role=menuitem]")
    if (place.byKey) first?.focus()
    else menu.current?.focus({ preventScroll: true })
  }, [place])

  const close = () => {
    onClose()
    place.from.focus({ preventScroll: true })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const list = all()
    const at = list.indexOf(document.activeElement as HTMLElement)
    const row = [...(popup.current?.querySelectorAll<HTMLElement>("[data-menu-head] button") ?? [])]
    const inRow = row.indexOf(document.activeElement as HTMLElement)
    const go = (element: HTMLElement | undefined) => {
      event.preventDefault()
      event.stopPropagation()
      element?.focus()
    }
    switch (event.key) {
      case "Escape":
      case "Tab":
        event.preventDefault()
        event.stopPropagation()
        close()
        return
      case "ArrowDown":
        return go(inRow >= 0 ? list[0] : list[(at + 1) % list.length])
      case "ArrowUp":
        if (at === 0 && row.length > 0) return go(row[0])
        return go(inRow >= 0 ? list.at(-1) : list.at(at <= 0 ? -1 : at - 1))
      case "ArrowRight":
        if (inRow >= 0) go(row[(inRow + 1) % row.length])
        return
      case "ArrowLeft":
        if (inRow >= 0) go(row.at(inRow - 1))
        return
      case "Home":
        return go(list[0])
      case "End":
        return go(list.at(-1))
      default:
        if (event.key.length === 1 && event.key !== " " && inRow < 0) {
          const rest = [...list.slice(at + 1), ...list.slice(0, at + 1)]
          const found = rest.find((each) =>
            each.textContent?.toLowerCase().startsWith(event.key.toLowerCase()),
          )
          if (found) go(found)
        }
    }
  }

  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: the curtain is for the pointer; Esc does the same
    <div
      className="fixed inset-0 z-40"
      onPointerDown={(event) => {
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        close()
      }}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={onKeyDown}
    >
      <div
        ref={popup}
        className="popup fixed flex max-h-[calc(100dvh-1rem)] max-w-[min(18rem,calc(100vw-1rem))] min-w-48 flex-col gap-1 overflow-y-auto rounded-2xl border border-line bg-surface p-1.5 shadow-(--shadow) animate-[rise_120ms_ease-out]"
      >
        {head && (
          <div data-menu-head="" className="border-b border-line pb-1">
            {head}
          </div>
        )}
        <div ref={menu} role="menu" aria-label={label} tabIndex={-1} className="outline-none">
          {items.map((item) => (
            <button
              key={item.id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onPointerMove={(event) => {
                if (event.pointerType === "mouse") event.currentTarget.focus({ preventScroll: true })
              }}
              onClick={() => {
                close()
                item.run()
              }}
              className={`flex min-h-9 w-full items-center gap-3 rounded-lg px-3 py-1 text-start text-[0.9375rem] outline-none focus:bg-sunken pointer-coarse:min-h-11 ${item.danger ? "text-danger" : ""}`}
            >
              <span className={item.danger ? "" : "text-soft"}>{item.icon}</span>
              {item.label}
            </button>
          ))}
        </div>
        {foot && <p className="px-3 pb-1 text-xs text-soft">{foot}</p>}
      </div>
    </div>,
    // Inside the landmark, so that nothing of the page lies outside of all of them.
    document.querySelector("main") ?? document.body,
  )
}
